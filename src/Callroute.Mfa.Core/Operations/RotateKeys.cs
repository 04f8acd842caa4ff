using System.Runtime.CompilerServices;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Operations;

/// <summary>Re-encrypts the secrets of one subject with the active key if they use an older one.</summary>
internal sealed class RotateKeys(OperationContext context, MfaSubject subject) : Operation<KeyRotationResult>(context, subject)
{
    /// <exception cref="NotSupportedException">The store cannot list its subjects.</exception>
    public static IAsyncEnumerable<KeyRotationResult> OfAll(
        OperationContext context, IMfaStore store, CancellationToken cancellationToken) =>
        store is IMfaStoreScan scan
            ? OfAll(context, scan, cancellationToken)
            : throw new NotSupportedException($"The store does not implement {nameof(IMfaStoreScan)}.");

    private static async IAsyncEnumerable<KeyRotationResult> OfAll(
        OperationContext context, IMfaStoreScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var subject in scan.ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return await new RotateKeys(context, subject).CallAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async ValueTask<Decision<KeyRotationResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Context.Records.RunAsync(
                Subject,
                outcome => new KeyRotationResult(Subject, false, new TimeoutException($"Nothing was written: {outcome}. Try again.")),
                (record, _, token) => DecideAsync(record, token),
                cancellationToken,
                ClockRule.Ignore).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One subject whose secrets cannot be opened must not stop the others: the caller gets the failure in the result.
            return Decision.NoChange(new KeyRotationResult(Subject, false, exception));
        }
    }

    protected override KeyRotationResult RefuseLate(TimeoutException exception) => new(Subject, false, exception);

    private async ValueTask<Decision<KeyRotationResult>> DecideAsync(MfaRecord? record, CancellationToken cancellationToken)
    {
        var changed = record is null ? null : await Context.Secrets.EncryptAnewAsync(record, cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(changed, record)
            ? Decision.NoChange(new KeyRotationResult(Subject, false, null))
            : Decision.SaveKeepingAnswer(new KeyRotationResult(Subject, true, null), changed!);
    }
}
