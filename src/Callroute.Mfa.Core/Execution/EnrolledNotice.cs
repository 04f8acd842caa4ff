using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>Tells the application whether a subject is enrolled, until the application's own row agrees with the record.</summary>
/// <param name="records">Reads the record again after the application was told.</param>
/// <param name="callback">The application's callback; null if it has none.</param>
internal sealed class EnrolledNotice(RecordTransaction records, Func<MfaSubject, bool, ValueTask>? callback)
{
    // Each time, another request enrolled or disabled while the application was told.
    private const int MaximumTries = 5;

    // An owed notice opens the way for a user without a record of authenticators. An old copy of the record must not do this for ever.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static bool IsOwed(MfaRecord record, DateTimeOffset now) =>
        record.NoticeOwedSince is { } since && (now - since).Duration() < Lifetime;

    /// <summary>
    /// Tells the application, then reads the record again, as callbacks may arrive in another order than the changes. Tells it again if
    /// the record differs now.
    /// </summary>
    /// <param name="record">The record that the application is told about.</param>
    /// <returns>What the application was told last, and the record says too; null if it could not be told.</returns>
    public async ValueTask<bool?> TryTellAsync(MfaRecord record)
    {
        if (callback is null)
        {
            return null;
        }

        try
        {
            return await TellAsync(callback, record.Subject, record).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The change is durable. It stays owed to the application, and is told again at the next occasion.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            MfaTelemetry.CountHandlerFailure(exception);
            return null;
        }
    }

    private async ValueTask<bool?> TellAsync(Func<MfaSubject, bool, ValueTask> callback, MfaSubject subject, MfaRecord told)
    {
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            await CallAsync(callback, subject, told).ConfigureAwait(false);
            var settled = await records.RunAsync<MfaRecord?>(
                subject, null, (current, _, _) => new(Settle(current, told)), CancellationToken.None).ConfigureAwait(false);
            if (settled.Result is not { } current)
            {
                // The record is lost or erased, or other requests keep changing it. Never tell "not enrolled" because a record is missing.
                return null;
            }

            if (IsSameChange(current, told))
            {
                return told.IsEnabled;
            }

            told = current;
        }

        return null;
    }

    private async ValueTask CallAsync(Func<MfaSubject, bool, ValueTask> callback, MfaSubject subject, MfaRecord told)
    {
        try
        {
            await callback(subject, told.IsEnabled).ConfigureAwait(false);
        }
        catch
        {
            // The callback may have written the row before it threw, and after the callback of a later change.
            await records.RunAsync(
                subject, true, (current, now, _) => new(OweAgain(current, told, now)), CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The notice is no longer owed if the record was not changed again since the application was told.</summary>
    private static Decision<MfaRecord?> Settle(MfaRecord? current, MfaRecord told) =>
        current is { NoticeOwedSince: not null } && IsSameChange(current, told)
            ? Decision.SaveKeepingAnswer<MfaRecord?>(current, current with { NoticeOwedSince = null })
            : Decision.NoChange(current);

    private static Decision<bool> OweAgain(MfaRecord? current, MfaRecord told, DateTimeOffset now) =>
        current is { NoticeOwedSince: null } && !IsSameChange(current, told)
            ? Decision.SaveKeepingAnswer(true, current with { NoticeOwedSince = now })
            : Decision.NoChange(true);

    // Between two enrolments or two endings, the stamp changes. A record that says the same may be of a later change.
    private static bool IsSameChange(MfaRecord current, MfaRecord told) =>
        current.SecurityStamp == told.SecurityStamp && current.IsEnabled == told.IsEnabled;
}
