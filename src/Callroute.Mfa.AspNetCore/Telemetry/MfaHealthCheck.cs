using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Secrets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reads the store, and decrypts what another node has encrypted.</summary>
internal sealed class MfaHealthCheck(MfaService mfa) : IHealthCheck
{
    internal const string OtherKeys = "This node cannot decrypt what another node, or the application before its restart, has encrypted: "
        + "right codes are refused here. Give all nodes the same keys, in a place that survives a restart.";

    [SuppressMessage("Design", "CA1031", Justification = "The check reports any failure.")]
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await mfa.CheckKeysAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("Store and protector answer.");
        }
        catch (SecretProtectionException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, OtherKeys, exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The store or the protector does not answer.", exception);
        }
    }
}
