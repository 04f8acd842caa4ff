using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Imports the recovery codes of another system, for a user whose authenticator was imported and who never had codes here.
/// </summary>
internal sealed class ImportRecoveryCodes(OperationContext context, MfaSubject subject, IReadOnlyCollection<string> codes)
    : IssuingChange("import_recovery_codes", context, subject)
{
    private readonly RecoveryCode[]? _codes = ForeignRecoveryCodes.TryRead(codes);

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) => _codes is null
        ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotImportable))
        : await IssueAsync(
            outcome => new MfaChangeResult(outcome),
            prepared => (record, now, _) => new(Decide(record, prepared, now)),
            cancellationToken).ConfigureAwait(false);

    protected override ValueTask<PreparedRecoveryCodes> PrepareAsync(RecoveryHashPermit permit, RecoveryCodeSet? active) =>
        Context.Issuer.ImportAsync(permit, _codes!, Context.Now);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, PreparedRecoveryCodes? prepared, DateTimeOffset now)
    {
        if (Refuse(record) is { } refusal)
        {
            return Decision.Refuse(record, refusal, outcome => new MfaChangeResult(outcome));
        }

        return prepared is null
            ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Busy))
            : Decision.Save(
                new MfaChangeResult(MfaChangeOutcome.Succeeded),
                record!.WithNewSet(prepared.Set),
                new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesImported });
    }

    private static MfaChangeOutcome? Refuse(MfaRecord? record) => record switch
    {
        not { IsEnabled: true } => MfaChangeOutcome.NotEnrolled,
        { RecoveryCodes.IsImported: true } => MfaChangeOutcome.AlreadyImported,
        { RecoveryCodes: null } when record.HasImportedAuthenticator => null,
        _ => MfaChangeOutcome.AlreadyEnrolled,
    };
}
