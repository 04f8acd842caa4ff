using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>Decides on the current record.</summary>
/// <param name="record">The record; null if the subject has none.</param>
/// <param name="now">The server's time.</param>
/// <param name="cancellationToken">The caller's token until a write has started, then none.</param>
internal delegate ValueTask<Decision<TResult>> Decide<TResult>(MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken);

/// <summary>Makes the result of a transaction that wrote nothing.</summary>
/// <param name="outcome">
/// <see cref="MfaChangeOutcome.Unavailable"/> if every compare-and-swap failed; <see cref="MfaChangeOutcome.ClockBehind"/> if this node's
/// clock is behind the record.
/// </param>
internal delegate TResult Refuse<out TResult>(MfaChangeOutcome outcome);

/// <summary>
/// The only way to change a record: read, decide, compare-and-swap. If the compare-and-swap fails, it decides again on the new record.
/// </summary>
internal sealed class RecordTransaction(IMfaStore store, TimeProvider timeProvider)
{
    private const int MaximumTries = 20;
    private const int TriesWithoutPause = 3;

    // A node whose clock is further behind would take waits and lockouts for longer than they can be, and end them.
    private static readonly TimeSpan MaximumClockDifference = TimeSpan.FromMinutes(5);

    public async ValueTask<MfaRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken) =>
        Read(await store.FindAsync(subject, cancellationToken).ConfigureAwait(false), subject);

    /// <summary>Decides and writes.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="refuse">Makes the result if nothing was written.</param>
    /// <param name="decide">Decides on the current record at the current time; called again after a failed compare-and-swap.</param>
    /// <param name="cancellationToken">Ends the wait, until the first write has started.</param>
    /// <param name="clock">What to do if this node's clock is behind the record.</param>
    /// <param name="overwritesUnreadable">Whether a record that cannot be read counts as none, and is overwritten.</param>
    /// <returns>The decision, already durable. Its events are not raised yet.</returns>
    public async ValueTask<Decision<TResult>> RunAsync<TResult>(
        MfaSubject subject,
        Refuse<TResult> refuse,
        Decide<TResult> decide,
        CancellationToken cancellationToken,
        ClockRule clock = ClockRule.Refuse,
        bool overwritesUnreadable = false)
    {
        (Guid Version, Decision<TResult> Decision)? lost = null;
        for (var tries = 0; ; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var token = lost is null ? cancellationToken : CancellationToken.None;
            var stored = await ReadAsync(subject, token).ConfigureAwait(false);
            if (lost is { } ours && stored?.Version == ours.Version)
            {
                // The store reported a conflict, but the stored version is ours. The write was delivered twice, and the first delivery
                // succeeded.
                return await WriteAgainAsync(subject, stored).ConfigureAwait(false)
                    ? ours.Decision
                    : Decision.NoChange(refuse(MfaChangeOutcome.Unavailable));
            }

            if (tries == MaximumTries)
            {
                return Decision.NoChange(refuse(MfaChangeOutcome.Unavailable));
            }

            var (record, now) = (overwritesUnreadable ? TryRead(stored, subject) : Read(stored, subject), timeProvider.GetUtcNow());
            if (clock == ClockRule.Refuse && record?.WrittenAt - now > MaximumClockDifference)
            {
                return Decision.NoChange(
                    refuse(MfaChangeOutcome.ClockBehind), new MfaEvent { At = now, Kind = MfaEventKind.ClockBehind });
            }

            var decision = await decide(record, now, token).ConfigureAwait(false);
            if (decision.Record is null)
            {
                return decision;
            }

            var version = RandomId.CreateGuid();
            var written = decision.Record.Written(clock, record?.WrittenAt, now);
            if (await TrySwapAsync(subject, (MfaRecordJson.Write(written), version), stored?.Version).ConfigureAwait(false))
            {
                return decision;
            }

            lost = (version, decision);
            MfaTelemetry.CountConflict();
        }
    }

    /// <summary>Deletes the record, without reading its content.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="prepare">Called before a record is deleted. If it throws, nothing is deleted.</param>
    /// <param name="cancellationToken">Ends the wait, until the first delete has started.</param>
    /// <returns>Whether there was a record; null if every delete met a conflict.</returns>
    public async ValueTask<bool?> DeleteAsync(MfaSubject subject, Func<ValueTask> prepare, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            await PauseAsync(tries).ConfigureAwait(false);
            var stored = await ReadAsync(subject, tries == 0 ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
            if (stored is null)
            {
                return tries > 0;
            }

            await prepare().ConfigureAwait(false);
            if (await TrySwapAsync(subject, next: null, stored.Version).ConfigureAwait(false))
            {
                return true;
            }
        }

        return null;
    }

    private static MfaRecord? Read(StoredRecord? stored, MfaSubject subject) =>
        stored is null ? null : MfaRecordJson.Read(stored.Document, subject);

    private static MfaRecord? TryRead(StoredRecord? stored, MfaSubject subject)
    {
        try
        {
            return Read(stored, subject);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async ValueTask<StoredRecord?> ReadAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The store gave up.", exception);
        }
    }

    /// <summary>Writes the next document, or deletes the record if there is none.</summary>
    private async ValueTask<bool> TrySwapAsync(
        MfaSubject subject, (byte[] Document, Guid Version)? next, Guid? expected)
    {
        try
        {
            return next is { } written
                ? await store.TryWriteAsync(subject, written.Document, written.Version, expected, CancellationToken.None)
                    .ConfigureAwait(false)
                : await store.TryDeleteAsync(subject, expected!.Value, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The outcome is unknown until we read again. If the read does not show it, rethrow: never report an unknown outcome as a
            // success.
            var stored = await ReadAsync(subject, CancellationToken.None).ConfigureAwait(false);
            if (stored?.Version == next?.Version && (stored is null || await WriteAgainAsync(subject, stored).ConfigureAwait(false)))
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

    /// <summary>Writes what is stored once more. The first write was not acknowledged, so it may not be durable.</summary>
    /// <remarks>
    /// If a driver gives up, a PostgreSQL server stops waiting for its standby: readers see the write, and a failover would lose it. The
    /// server keeps the order of writes, so the standby that has the second one has the first one too.
    /// </remarks>
    private ValueTask<bool> WriteAgainAsync(MfaSubject subject, StoredRecord stored) =>
        store.TryWriteAsync(subject, stored.Document, RandomId.CreateGuid(), stored.Version, CancellationToken.None);

    // A random pause between competing writers. No rule depends on it, so it does not use the TimeProvider.
    private static Task PauseAsync(int tries) => tries < TriesWithoutPause
        ? Task.CompletedTask
        : Task.Delay(RandomNumberGenerator.GetInt32(1, 1 << Math.Min(tries, 6)));
}
