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

    public static bool IsOwed(MfaRecord? record, DateTimeOffset now) =>
        record?.NoticeOwedSince is { } since && (now - since).Duration() < Lifetime;

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

    private async ValueTask<bool?> TellAsync(Func<MfaSubject, bool, ValueTask> callback, MfaSubject subject, MfaRecord? record)
    {
        for (var tries = 0; tries < MaximumTries; tries++)
        {
            var told = record?.IsEnabled ?? false;
            await callback(subject, told).ConfigureAwait(false);
            var settled = await records.RunAsync<MfaRecord?>(
                subject, record, (current, _, _) => new(Settle(current, told)), CancellationToken.None).ConfigureAwait(false);
            record = settled.Result;
            if ((record?.IsEnabled ?? false) == told)
            {
                return told;
            }
        }

        return null;
    }

    /// <summary>The notice is no longer owed if the record still says what was told.</summary>
    private static Decision<MfaRecord?> Settle(MfaRecord? current, bool told) =>
        current is { NoticeOwedSince: not null } && current.IsEnabled == told
            ? Decision.SaveKeepingAnswer<MfaRecord?>(current, current with { NoticeOwedSince = null })
            : Decision.NoChange(current);
}
