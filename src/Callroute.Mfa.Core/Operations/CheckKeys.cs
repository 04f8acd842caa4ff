using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Decrypts a probe in the store that any node may have encrypted, so that a node with other keys is found before a user is refused. The
/// first check writes the probe: an ordinary record, so that a key rotation re-encrypts it, of a subject that no user has.
/// </summary>
internal sealed class CheckKeys(OperationContext context) : Operation<bool>(context, new MfaSubject("key-check", "callroute.mfa"))
{
    protected override ValueTask<Decision<bool>> ExecuteAsync(CancellationToken cancellationToken) => Context.Records.RunAsync<bool>(
        Subject,
        outcome => throw new TimeoutException($"The probe was not written: {outcome}."),
        DecideAsync,
        cancellationToken,
        ClockRule.Ignore);

    private async ValueTask<Decision<bool>> DecideAsync(MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var probe = record ?? MfaRecord.Create(Subject, RandomId.CreateGuid());
        using var tokens = Context.Secrets.TokensOf(probe);
        var written = await tokens.WithKeyAsync(probe, cancellationToken).ConfigureAwait(false);
        await tokens.OpenKeyAsync(cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(written, probe) ? Decision.NoChange(true) : Decision.Save(true, written);
    }
}
