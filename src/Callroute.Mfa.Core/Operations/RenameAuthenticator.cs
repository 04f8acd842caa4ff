using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Changes the user's name for an authenticator. It needs no proof, because a name opens nothing.</summary>
internal sealed class RenameAuthenticator(OperationContext context, MfaSubject subject, Guid authenticatorId, string? name)
    : ChangeOperation<MfaChangeResult>("rename_authenticator", context, subject)
{
    private readonly string? _name = BeginEnrollment.CleanName(name);

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) => Context.Records.RunAsync(
        Subject,
        outcome => new MfaChangeResult(outcome),
        (record, now, _) => new(Decide(record, authenticatorId, _name, now)),
        cancellationToken);

    /// <summary>Decides on the current record, without side effects. Recovery codes that are not saved yet can still be repeated.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, Guid authenticatorId, string? name, DateTimeOffset now) =>
        record?.Authenticators.Any(a => a.Id == authenticatorId) == true
            ? Decision.SaveKeepingAnswer(
                new MfaChangeResult(MfaChangeOutcome.Succeeded),
                record with
                {
                    Authenticators = [.. record.Authenticators.Select(a => a.Id == authenticatorId ? a with { Name = name } : a)],
                },
                new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRenamed, AuthenticatorId = authenticatorId })
            : Decision.Refuse(record, MfaChangeOutcome.NotFound, outcome => new MfaChangeResult(outcome));
}
