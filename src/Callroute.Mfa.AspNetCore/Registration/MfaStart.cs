using Microsoft.Extensions.Hosting;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Creates the service, and with it store, protector and hasher, when the application starts and not at the first sign-in.</summary>
internal sealed class MfaStart : IHostedService
{
    // Asking for the service creates it.
    public MfaStart(MfaService service) => ArgumentNullException.ThrowIfNull(service);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
