using System.Runtime.CompilerServices;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Flows;

/// <summary>Encrypts under the active key what is still under an older one.</summary>
internal sealed class KeyRotation(SwapLoop loop, SecretVault vault)
{
    public async IAsyncEnumerable<KeyRotationResult> RotateKeysAsync(IMfaStoreScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var subject in scan.ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return await ReprotectAsync(subject, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<KeyRotationResult> ReprotectAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            return await loop.RunAsync(
                subject,
                new KeyRotationResult(subject, false, new TimeoutException("Others kept changing the record.")),
                (record, _) => DecideAsync(subject, record, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One subject that cannot be opened must not keep the others from being finished: the caller is told.
            return new KeyRotationResult(subject, false, exception);
        }
    }

    private async ValueTask<Decision<KeyRotationResult>> DecideAsync(MfaSubject subject, MfaRecord? record, CancellationToken cancellationToken)
    {
        var changed = record is null ? null : await vault.ReprotectAsync(record, cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(changed, record)
            ? Decision.Keep(new KeyRotationResult(subject, false, null))
            : Decision.WriteKeepingRedelivery(new KeyRotationResult(subject, true, null), changed!);
    }
}
