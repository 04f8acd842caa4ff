using Callroute.Mfa.Execution;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Operations;

/// <summary>
/// A change that may issue recovery codes. They are hashed only if everything else allows the change, one request of the subject after the
/// other. The next request then finds what this one changed, and hashes nothing.
/// </summary>
internal abstract class IssuingChange(string name, OperationContext context, MfaSubject subject)
    : ChangeOperation<MfaChangeResult>(name, context, subject)
{
    /// <summary>Decides without codes, again under the turn of the subject, and then with codes.</summary>
    /// <param name="refuse">Makes the result if nothing was written.</param>
    /// <param name="decide">Decides with the codes that were prepared. If it needs codes and has none, it answers Busy.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    protected async ValueTask<Decision<MfaChangeResult>> IssueAsync(
        Refuse<MfaChangeResult> refuse, Func<PreparedRecoveryCodes?, Decide<MfaChangeResult>> decide, CancellationToken cancellationToken)
    {
        RecoveryCodeSet? active = null;
        var decided = await TryAsync(prepared: null).ConfigureAwait(false);
        if (!NeedsCodes(decided))
        {
            return decided;
        }

        using var turn = await Context.Issuer.TryTakeTurnAsync(Subject).ConfigureAwait(false);
        decided = turn is null ? decided : await TryAsync(prepared: null).ConfigureAwait(false);
        var prepared = turn is not null && NeedsCodes(decided) ? await HashAsync(active).ConfigureAwait(false) : null;
        return prepared is null ? decided : await TryAsync(prepared).ConfigureAwait(false);

        ValueTask<Decision<MfaChangeResult>> TryAsync(PreparedRecoveryCodes? prepared) => Context.Records.RunAsync(
            Subject,
            refuse,
            (record, now, token) =>
            {
                active = record?.RecoveryCodes;
                return decide(prepared)(record, now, token);
            },
            cancellationToken);
    }

    /// <summary>Creates the codes and hashes them.</summary>
    protected virtual ValueTask<PreparedRecoveryCodes> PrepareAsync(RecoveryHashPermit permit, RecoveryCodeSet? active) =>
        Context.Issuer.PrepareAsync(permit, active, Context.Now);

    private static bool NeedsCodes(Decision<MfaChangeResult> decided) => decided.Result.Outcome == MfaChangeOutcome.Busy;

    /// <returns>The recovery codes; null if there was no permit.</returns>
    private async ValueTask<PreparedRecoveryCodes?> HashAsync(RecoveryCodeSet? active)
    {
        using var permit = await Context.Issuer.TryEnterAsync().ConfigureAwait(false);
        return permit is null ? null : await PrepareAsync(permit, active).ConfigureAwait(false);
    }
}
