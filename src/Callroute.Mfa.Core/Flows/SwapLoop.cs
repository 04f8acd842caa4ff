using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Flows;

/// <summary>Loads, decides, swaps, and only then answers. On a lost swap it decides again on what the winner wrote.</summary>
internal sealed class SwapLoop(IMfaStore store, MfaOptions options, TimeProvider timeProvider)
{
    private const int MaximumTries = 20;
    private const int TriesWithoutPause = 2;

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    public async ValueTask<MfaRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        var stored = await store.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        return Read(stored, subject);
    }

    /// <param name="subject">The subject.</param>
    /// <param name="contended">The answer where every swap was lost.</param>
    /// <param name="decide">Decides on the current record at the current time; called again after a lost swap.</param>
    /// <param name="cancellationToken">Ends the wait, until the first write has started.</param>
    public async ValueTask<TOutcome> RunAsync<TOutcome>(MfaSubject subject, TOutcome contended, Func<MfaRecord?, DateTimeOffset, ValueTask<Decision<TOutcome>>> decide, CancellationToken cancellationToken)
    {
        (RecordVersion Version, Decision<TOutcome> Decision)? last = null;
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var stored = await store.FindAsync(subject, last is null ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
            if (last is { } written && stored?.Version == written.Version)
            {
                // The swap was reported lost, but it was delivered twice and won the first time.
                return await ConcludeAsync(subject, written.Decision).ConfigureAwait(false);
            }

            var decision = await decide(Read(stored, subject), Now).ConfigureAwait(false);
            last = (RecordVersion.Create(), decision);
            if (decision.Record is null || await TryWriteAsync(subject, decision.Record, last.Value.Version, stored?.Version).ConfigureAwait(false))
            {
                return await ConcludeAsync(subject, decision).ConfigureAwait(false);
            }

            MfaTelemetry.CountLostSwap();
        }

        return contended;
    }

    /// <summary>Deletes the record, whatever it says.</summary>
    /// <returns>Whether there was one; null where every swap was lost.</returns>
    public async ValueTask<bool?> EraseAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var stored = await store.FindAsync(subject, cancellationToken).ConfigureAwait(false);
            if (stored is null)
            {
                return tries > 0;
            }

            if (await store.TryDeleteAsync(subject, stored.Version, CancellationToken.None).ConfigureAwait(false))
            {
                await RaiseAsync(subject, [new MfaEvent { At = Now, Kind = MfaEventKind.Erased }]).ConfigureAwait(false);
                return true;
            }
        }

        return null;
    }

    public async ValueTask RaiseAsync(MfaSubject subject, IReadOnlyList<MfaEvent> events)
    {
        foreach (var happened in events)
        {
            MfaTelemetry.CountEvent(happened);
            await NotifyAsync(subject, happened).ConfigureAwait(false);
        }
    }

    private static MfaRecord? Read(StoredRecord? stored, MfaSubject subject) =>
        stored is null ? null : MfaRecordJson.Read(stored.Document, subject);

    private async ValueTask<bool> TryWriteAsync(MfaSubject subject, MfaRecord record, RecordVersion version, RecordVersion? expected)
    {
        try
        {
            // A write that has started runs to its end: its outcome must not depend on who still listens.
            return await store.TryWriteAsync(subject, MfaRecordJson.Write(record), version, expected, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The outcome is unknown until one more read. The own version there means that the write won.
            var stored = await store.FindAsync(subject, CancellationToken.None).ConfigureAwait(false);
            if (stored?.Version == version)
            {
                return true;
            }

            throw;
        }
    }

    private async ValueTask<TOutcome> ConcludeAsync<TOutcome>(MfaSubject subject, Decision<TOutcome> decision)
    {
        await RaiseAsync(subject, decision.Events).ConfigureAwait(false);
        return decision.Outcome;
    }

    private async ValueTask NotifyAsync(MfaSubject subject, MfaEvent happened)
    {
        if (options.OnEvent is null)
        {
            return;
        }

        try
        {
            await options.OnEvent(subject, happened).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What happened is durable: failing now would lose the answer, and with it new recovery codes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            MfaTelemetry.CountHandlerFailure(exception);
        }
    }

    // Jitter between competing writers; no rule depends on it, so it needs no TimeProvider.
    private static Task PauseAsync(int tries) => tries <= TriesWithoutPause
        ? Task.CompletedTask
        : Task.Delay(RandomNumberGenerator.GetInt32(1, 1 << Math.Min(tries, 6)));
}
