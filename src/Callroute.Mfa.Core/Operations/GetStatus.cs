using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>Reports the content of the record without secrets and hashes.</summary>
internal sealed class GetStatus(OperationContext context, MfaSubject subject) : Operation<MfaStatus>(context, subject)
{
    protected override async ValueTask<Decision<MfaStatus>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(Of(record, Context, Context.Now));
    }

    internal static MfaStatus Of(MfaRecord? record, OperationContext context, DateTimeOffset now)
    {
        var options = context.Options;
        return new MfaStatus
        {
            IsEnabled = record?.IsEnabled ?? false,
            Authenticators = [.. (record?.Authenticators ?? []).Select(Of)],
            ShouldEnrollAgain = options.AskToReplaceImported && record is { HasImportedAuthenticator: true },
            RecoveryCodesLeft = record?.RecoveryCodes?.Tags.Count ?? 0,
            RecoveryCodesCreatedAt = record is { HasRecoveryCodes: true } ? record.RecoveryCodes!.CreatedAt : null,
            AreRecoveryCodesAcknowledged = record?.RecoveryCodes?.IsAcknowledged ?? false,
            HasPendingRecoveryCodes = record?.PendingRecoveryCodesAt(now) is not null,
            UsesOldRecoverySettings = record?.RecoveryCodes is { } set && !context.Issuer.IsCurrent(set),
            BindingVersion = record?.BindingVersion ?? Guid.Empty,
            TotpOnKnownDevices = Of(record, MfaMethod.Totp, DeviceGroup.Known, options, now),
            TotpOnUnknownDevices = Of(record, MfaMethod.Totp, DeviceGroup.Unknown, options, now),
            RecoveryOnKnownDevices = Of(record, MfaMethod.RecoveryCode, DeviceGroup.Known, options, now),
            RecoveryOnUnknownDevices = Of(record, MfaMethod.RecoveryCode, DeviceGroup.Unknown, options, now),
            KnownDevices = KnownDevicesOf(record, options, now),
            RememberedBrowsers = (record?.RememberedAt(options, now) ?? []).ToDictionary(it => it.DeviceId, it => it.ExpiresAt),
            RecentEvents = [.. record?.Events ?? EventHistory.Empty],
        };
    }

    private static AuthenticatorStatus Of(AuthenticatorRecord a) =>
        new(a.Id, a.Name, a.CreatedAt, a.LastUsedAt, a.Parameters) { LabelNumber = a.LabelNumber, IsImported = a.IsImported };

    private static FactorStatus Of(MfaRecord? record, MfaMethod method, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        if (record is null)
        {
            return FactorStatus.Clean;
        }

        var (policy, throttle) = record.ThrottleOf(method, options);
        var wait = throttle.WaitAt(devices, policy, now);
        return new FactorStatus(
            throttle.At(devices, policy, now).Failures,
            wait > TimeSpan.Zero ? wait : null,
            throttle.IsLockedOut(devices, policy, now));
    }

    // A device whose token is too old is unknown, although the record lists it until others need its place.
    private static Dictionary<Guid, DateTimeOffset> KnownDevicesOf(MfaRecord? record, MfaOptions options, DateTimeOffset now) =>
        (record?.KnownDevices ?? []).Where(device => (now - device.LastUsedAt).Duration() < options.KnownDeviceLifetime)
            .DistinctBy(device => device.Id).ToDictionary(device => device.Id, device => device.LastUsedAt);
}
