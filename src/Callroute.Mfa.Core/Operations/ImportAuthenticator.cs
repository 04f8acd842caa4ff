using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>Binds an authenticator that another system made. Refused where anything is or ever was bound.</summary>
internal sealed class ImportAuthenticator(
    OperationContext context, MfaSubject subject, SharedSecret secret, TotpParameters parameters, string? name)
    : ChangeOperation<MfaChangeResult>("import_authenticator", context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        using var authenticator = new ForeignAuthenticator(Subject, secret, parameters, name);
        return authenticator.IsFit(Options)
            ? await Context.Records.RunAsync(
                Subject,
                outcome => new MfaChangeResult(outcome),
                (record, now, token) => DecideAsync(record, authenticator, now, token),
                cancellationToken).ConfigureAwait(false)
            : Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotImportable));
    }

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, ForeignAuthenticator authenticator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is { WasEverBound: true })
        {
            var isSame = await authenticator.IsBoundToAsync(Context, record, cancellationToken).ConfigureAwait(false);
            var refusal = isSame ? MfaChangeOutcome.AlreadyImported : MfaChangeOutcome.AlreadyEnrolled;
            return Decision.Refuse(record, refusal, outcome => new MfaChangeResult(outcome));
        }

        // The other system may have accepted every code that is in the window now.
        var lastUsed = Options.FutureSteps;
        return await authenticator.BindAsync(Context, record, lastUsed, now, cancellationToken).ConfigureAwait(false);
    }
}
