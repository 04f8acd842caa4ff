using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reads the store, and decrypts data that it has just encrypted.</summary>
internal sealed class MfaHealthCheck(IMfaStore store, ISecretProtector protector) : IHealthCheck
{
    // A subject that no user can have: its tenant is reserved for checks, and no record of it is written.
    internal static readonly MfaSubject Probe = new("health-check", "callroute.mfa");

    private static readonly ReadOnlyMemory<byte> ProbeData = "callroute.mfa/health-check"u8.ToArray();

    [SuppressMessage("Design", "CA1031", Justification = "The check reports any failure.")]
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.FindAsync(Probe, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The store does not answer.", exception);
        }

        return await CanProtectAsync(cancellationToken).ConfigureAwait(false)
            ? HealthCheckResult.Healthy("Store and protector answer.")
            : new HealthCheckResult(context.Registration.FailureStatus, "The protector cannot decrypt data that it has encrypted.");
    }

    [SuppressMessage("Design", "CA1031", Justification = "The check reports any failure.")]
    private async Task<bool> CanProtectAsync(CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(20);
        try
        {
            var envelope = await protector.ProtectAsync(secret, ProbeData, cancellationToken).ConfigureAwait(false);
            var opened = await protector.UnprotectAsync(envelope, ProbeData, cancellationToken).ConfigureAwait(false);
            return opened.AsSpan().SequenceEqual(secret);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
