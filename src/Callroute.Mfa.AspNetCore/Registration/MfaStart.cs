using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Creates the service with its store, protector and hasher when the application starts, not at the first sign-in. Then warns of dangerous
/// settings.
/// </summary>
internal sealed class MfaStart(IServiceProvider services) : IHostedLifecycleService
{
    // This package cannot reference it.
    private const string IdentityPackage = "Callroute.Mfa.AspNetCore.Identity";

    // Not read in the constructor: hosted services are created before the options are validated, and validation gives the better message.
    private MfaSignInOptions Options => services.GetRequiredService<IOptions<MfaSignInOptions>>().Value;

    private AuthenticationOptions Authentication => services.GetRequiredService<IOptions<AuthenticationOptions>>().Value;

    private IAuthenticationSchemeProvider Schemes => services.GetRequiredService<IAuthenticationSchemeProvider>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var mfa = services.GetRequiredService<MfaService>();
        Warn(await new SchemeCheck(Schemes, Authentication, Options).FindWarningsAsync().ConfigureAwait(false));
        var store = new StoreCheck(services.GetRequiredService<IMfaStore>(), mfa, services.GetRequiredService<TimeProvider>());
        Warn(await store.FindWarningsAsync(cancellationToken).ConfigureAwait(false));
        Warn(await new DeploymentCheck(services).FindWarningsAsync().ConfigureAwait(false));
    }

    // The endpoints exist only after the server has started.
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<EndpointDataSource>() is { } endpoints)
        {
            var scope = services.CreateAsyncScope();
            await using var _ = scope.ConfigureAwait(false);
            var signIn = Options.Scheme ?? (await Schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false))!.Name;
            var policies = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();
            var isIdentity = scope.ServiceProvider.GetRequiredService<IMfaUsers>().GetType().Assembly.GetName().Name == IdentityPackage;
            string[] schemes = [signIn, .. Options.BearerScheme is { } bearer ? [bearer] : Array.Empty<string>()];
            Warn(await new EndpointCheck(endpoints, policies, schemes, isIdentity).FindWarningsAsync().ConfigureAwait(false));
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Warn(IEnumerable<string> warnings)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Callroute.Mfa");
        foreach (var warning in warnings)
        {
            Log.Setup(logger, warning);
        }
    }
}
