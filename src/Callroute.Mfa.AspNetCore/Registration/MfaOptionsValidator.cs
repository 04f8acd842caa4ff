using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reports each wrong setting when the application starts, and each missing service with the method that adds it.</summary>
internal sealed class MfaOptionsValidator(MfaBuilder builder, IServiceProviderIsService services, IConfiguration configuration)
    : IValidateOptions<MfaOptions>
{
    public ValidateOptionsResult Validate(string? name, MfaOptions options)
    {
        string[] failures = [.. builder.Missing(), .. Users(), .. Peppers(), .. Callback(options), .. options.Validate()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Users() => services.IsService(typeof(IMfaUsers))
        ? []
        :
        [
            $"No {nameof(IMfaUsers)} is registered: the library cannot find the application's users. "
            + $"Add services.AddScoped<{nameof(IMfaUsers)}, …>().",
        ];

    // The library sets the callback itself, when it creates the service.
    private static IEnumerable<string> Callback(MfaOptions options) => options.OnEnrolledChanged is null
        ? []
        :
        [
            $"MfaOptions.{nameof(options.OnEnrolledChanged)} is set. Remove it: the library calls "
            + $"{nameof(IMfaUsers)}.{nameof(IMfaUsers.SetEnrolledAsync)} instead. Store the value there.",
        ];

    // The binder cannot create a key ring from a section, so it ignores the section. The codes would silently have no pepper.
    private IEnumerable<string> Peppers() =>
        configuration.GetSection($"{MfaServiceCollectionExtensions.Section}:Recovery:Peppers").Exists()
            ? ["MfaOptions.Recovery.Peppers is set in the configuration. Set it in code: services.Configure<MfaOptions>(…)."]
            : [];
}
