using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Flows;

/// <summary>Loads, decides, swaps, and only then answers. On a lost swap it decides again on what the winner wrote.</summary>
internal sealed class SwapLoop(IMfaStore store, EventRaiser events, TimeProvider timeProvider)
{
    private const int MaximumTries = 20;
    private const int TriesWithoutPause = 3;

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    public async ValueTask<MfaRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken) =>
        Read(await store.FindAsync(subject, cancellationToken).ConfigureAwait(false), subject);

    /// <summary>Decides, writes, raises the events, and answers.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="contended">The answer where every swap was lost.</param>
    /// <param name="decide">Decides on the current record at the current time; called again after a lost swap.</param>
    /// <param name="cancellationToken">Ends the wait, until the first write has started.</param>
    public async ValueTask<TOutcome> RunAsync<TOutcome>(MfaSubject subject, TOutcome contended, Func<MfaRecord?, DateTimeOffset, ValueTask<Decision<TOutcome>>> decide, CancellationToken cancellationToken)
    {
        var decision = await DecideAsync(subject, contended, decide, cancellationToken).ConfigureAwait(false);
        return await TellAsync(subject, decision).ConfigureAwait(false);
    }

    /// <summary>Raises the events of a decision that is durable, and gives its answer.</summary>
    public async ValueTask<TOutcome> TellAsync<TOutcome>(MfaSubject subject, Decision<TOutcome> decision)
    {
        await events.RaiseAsync(subject, decision.Events).ConfigureAwait(false);
        return decision.Outcome;
    }

    /// <summary>As <see cref="RunAsync"/>, but leaves telling to the caller, who may hold a permit.</summary>
    public async ValueTask<Decision<TOutcome>> DecideAsync<TOutcome>(MfaSubject subject, TOutcome contended, Func<MfaRecord?, DateTimeOffset, ValueTask<Decision<TOutcome>>> decide, CancellationToken cancellationToken)
    {
        (Guid Version, Decision<TOutcome> Decision)? last = null;
        for (var tries = 0; ; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var stored = await FindAsync(subject, last is not null, cancellationToken).ConfigureAwait(false);
            if (last is { } written && stored?.Version == written.Version)
            {
                // The swap was reported lost, but it was delivered twice and won the first time.
                return written.Decision;
            }

            if (tries == MaximumTries)
            {
                return Decision.Keep(contended);
            }

            var decision = await decide(Read(stored, subject), Now).ConfigureAwait(false);
            if (decision.Record is null)
            {
                return decision;
            }

            var version = RandomId.CreateGuid();
            if (await TrySwapAsync(subject, (MfaRecordJson.Write(decision.Record), version), stored?.Version).ConfigureAwait(false))
            {
                return decision;
            }

            last = (version, decision);
            MfaTelemetry.CountLostSwap();
        }
    }

    /// <summary>Deletes the record, whatever it says.</summary>
    /// <returns>Whether there was one; null where every delete was lost.</returns>
    public async ValueTask<bool?> EraseAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var hasStarted = tries > 0;
            var stored = await FindAsync(subject, hasStarted, cancellationToken).ConfigureAwait(false);
            if (stored is null && !hasStarted)
            {
                return false;
            }

            if (stored is null || await TrySwapAsync(subject, next: null, stored.Version).ConfigureAwait(false))
            {
                await events.RaiseAsync(subject, [new MfaEvent { At = Now, Kind = MfaEventKind.Erased }]).ConfigureAwait(false);
                return true;
            }
        }

        return null;
    }

    private static MfaRecord? Read(StoredRecord? stored, MfaSubject subject) =>
        stored is null ? null : MfaRecordJson.Read(stored.Document, subject);

    // Once a write has started the caller's cancellation is ignored: what was done must not depend on who still listens.
    private async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, bool hasStarted, CancellationToken cancellationToken)
    {
        var effective = hasStarted ? CancellationToken.None : cancellationToken;
        try
        {
            return await store.FindAsync(subject, effective).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!effective.IsCancellationRequested)
        {
            throw new TimeoutException("The store gave up.", exception);
        }
    }

    /// <summary>Writes what is to be stored next, or deletes where that is nothing.</summary>
    private async ValueTask<bool> TrySwapAsync(MfaSubject subject, (byte[] Document, Guid Version)? next, Guid? expected)
    {
        try
        {
            return next is { } written
                ? await store.TryWriteAsync(subject, written.Document, written.Version, expected, CancellationToken.None).ConfigureAwait(false)
                : await store.TryDeleteAsync(subject, expected!.Value, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The outcome is unknown until one more read. Where that does not show it, nobody may be told it.
            var stored = await FindAsync(subject, hasStarted: true, CancellationToken.None).ConfigureAwait(false);
            if (stored?.Version == next?.Version)
            {
                return true;
            }

            if (exception is OperationCanceledException)
            {
                throw new TimeoutException("The store gave up.", exception);
            }

            throw;
        }
    }

    // Jitter between competing writers; no rule depends on it, so it needs no TimeProvider.
    private static Task PauseAsync(int tries) => tries < TriesWithoutPause
        ? Task.CompletedTask
        : Task.Delay(RandomNumberGenerator.GetInt32(1, 1 << Math.Min(tries, 6)));
}
