using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Says at the start what is wrong, by the setting's name, and what is missing, by the method that adds it.</summary>
internal sealed class MfaSettingsValidator(MfaBuilder builder, IServiceProviderIsService services) : IValidateOptions<MfaSettings>
{
    private static readonly TimeSpan ShortestChallenge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestChallenge = TimeSpan.FromHours(1);

    // The names that the options give to what the settings call otherwise.
    private static readonly Dictionary<string, string> SettingNames = new(StringComparer.Ordinal)
    {
        ["Count"] = nameof(MfaSettings.RecoveryCodeCount),
    };

    public ValidateOptionsResult Validate(string? name, MfaSettings options)
    {
        string[] failures = [.. builder.Missing(), .. Users(), .. Wrong(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Users() => services.IsService(typeof(IMfaUsers))
        ? []
        : [$"No {nameof(IMfaUsers)} is registered, so the users of the application are not known. Add services.AddScoped<{nameof(IMfaUsers)}, …>()."];

    private static IEnumerable<string> Wrong(MfaSettings settings)
    {
        if (string.IsNullOrEmpty(settings.Issuer))
        {
            yield return $"{MfaSettings.Section}:{nameof(MfaSettings.Issuer)} is missing: the application's name, as authenticator apps show it.";
            yield break;
        }

        if (settings.ChallengeLifetime < ShortestChallenge || settings.ChallengeLifetime > LongestChallenge)
        {
            yield return $"{MfaSettings.Section}:{nameof(MfaSettings.ChallengeLifetime)}: Must be {ShortestChallenge}–{LongestChallenge}.";
        }

        foreach (var failure in WrongClaims(settings).Concat(WrongWaits(settings)))
        {
            yield return $"{MfaSettings.Section}:{failure}";
        }

        var failures = new[]
        {
            Try($"{nameof(MfaSettings.TotpThrottle)}:", () => settings.TotpThrottle.ToPolicy()),
            Try($"{nameof(MfaSettings.RecoveryThrottle)}:", () => settings.RecoveryThrottle.ToPolicy()),
        };
        failures = failures.Any(failure => failure is not null) ? failures : [Try(string.Empty, () => MfaOptionsReader.Read(settings, null))];
        foreach (var failure in failures.OfType<string>())
        {
            yield return failure;
        }

        if (settings is { AllowShortCodes: false, Digits: 4 or 5 })
        {
            yield return $"{MfaSettings.Section}:{nameof(MfaSettings.Digits)}: Must be 6–8, or {nameof(MfaSettings.AllowShortCodes)} be set.";
        }
    }

    // Claims are found by type in any letter case, so one of these would be taken for another.
    private static IEnumerable<string> WrongClaims(MfaSettings settings)
    {
        if (!IsFree(settings.UserIdClaim, MfaClaims.Types))
        {
            yield return $"{nameof(MfaSettings.UserIdClaim)}: Must be a claim type other than {string.Join(", ", MfaClaims.Types)}.";
        }

        if (settings.TenantClaim is { } tenant && !IsFree(tenant, MfaClaims.Types.Append(settings.UserIdClaim)))
        {
            yield return $"{nameof(MfaSettings.TenantClaim)}: Must be a claim type other than {string.Join(", ", MfaClaims.Types)} and {nameof(MfaSettings.UserIdClaim)}.";
        }
    }

    private static bool IsFree(string type, IEnumerable<string> taken) => !string.IsNullOrWhiteSpace(type) && !taken.Contains(type, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> WrongWaits(MfaSettings settings) =>
        from throttle in new[] { (Name: nameof(MfaSettings.TotpThrottle), Settings: settings.TotpThrottle), (Name: nameof(MfaSettings.RecoveryThrottle), Settings: settings.RecoveryThrottle) }
        where throttle.Settings.MaximumWait < throttle.Settings.FirstWait
        select $"{throttle.Name}:{nameof(ThrottleSettings.MaximumWait)}: Must be at least {nameof(ThrottleSettings.FirstWait)}, {throttle.Settings.FirstWait}.";

    private static string? Try(string prefix, Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (ArgumentException exception)
        {
            var name = SettingNames.GetValueOrDefault(exception.ParamName ?? string.Empty, exception.ParamName ?? string.Empty);
            return $"{MfaSettings.Section}:{prefix}{name}: {exception.Message.Split(" (Parameter")[0]}";
        }
    }
}
