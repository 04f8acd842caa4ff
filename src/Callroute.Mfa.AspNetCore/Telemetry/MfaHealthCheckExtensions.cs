using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Adds the health check.</summary>
public static class MfaHealthCheckExtensions
{
    /// <summary>
    /// Adds a check that reads the store, and decrypts what another node has encrypted, by <see cref="MfaService.CheckKeysAsync"/>. The
    /// first check writes that probe, later ones write nothing.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">The status of a failure; unhealthy if null.</param>
    /// <param name="tags">Tags to select the check by.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddCallrouteMfa(
        this IHealthChecksBuilder builder, string name = "mfa", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<MfaHealthCheck>(name, failureStatus, tags ?? []);
    }
}
