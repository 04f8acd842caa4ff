using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Creates the service, and with it store, protector and hasher, when the application starts and not at the first sign-in.</summary>
internal sealed class MfaStart(IServiceProvider services) : IHostedService
{
    // Not in the constructor: hosted services are made before the settings are validated, which says better what is wrong.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<MfaService>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
