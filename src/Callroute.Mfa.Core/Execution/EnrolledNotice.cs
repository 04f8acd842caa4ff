using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>Tells the application whether a subject is enrolled, until the application's own row agrees with the record.</summary>
/// <param name="records">Reads the record again after each call of the callback.</param>
/// <param name="callback">The application's callback; null if it has none.</param>
internal sealed class EnrolledNotice(RecordTransaction records, Func<MfaSubject, bool, ValueTask>? callback)
{
    // A further try is needed only if another request enrolled the user, or ended their MFA, while the callback ran.
    private const int MaximumTries = 5;

    // A sign-in delivers an owed "not enrolled" and then lets the user in without MFA, although the row said "enrolled". An old copy of the
    // record would have the same effect, so limit the time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static bool IsOwed(MfaRecord record, DateTimeOffset now) =>
        record.NoticeOwedSince is { } since && (now - since).Duration() < Lifetime;

    /// <summary>Tells the application if a record was saved that owes a notice.</summary>
    public async ValueTask TellIfOwedAsync(MfaRecord? saved, DateTimeOffset now)
    {
        if (saved is not null && IsOwed(saved, now))
        {
            await TryTellAsync(saved).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Tells the application, then reads the record again, as callbacks may arrive in another order than the changes. Tells it again if
    /// the record differs now.
    /// </summary>
    /// <param name="record">The record as it is now. The callback gets whether it has authenticators.</param>
    /// <returns>The value that the callback received last, if the record still agrees with it; otherwise null.</returns>
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
#pragma warning disable CA1031 // The change is durable. Its notice stays owed: the next sign-in or change delivers it.
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
            await callback(subject, told.IsEnabled).ConfigureAwait(false);
            var settled = await records.RunAsync<MfaRecord?>(
                subject, _ => null, (current, _, _) => new(Settle(current, told)), CancellationToken.None, ClockRule.Ignore)
                .ConfigureAwait(false);
            if (settled.Result is not { } current || !IsToTell(current))
            {
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

    private static Decision<MfaRecord?> Settle(MfaRecord? current, MfaRecord told) =>
        current is { NoticeOwedSince: not null } && IsSameChange(current, told)
            ? Decision.SaveKeepingAnswer<MfaRecord?>(current, current with { NoticeOwedSince = null })
            : Decision.NoChange(current);

    // Never tell "not enrolled" because a record is old, or after a reset that does not allow the password alone.
    private static bool IsToTell(MfaRecord record) =>
        record is { IsEnabled: true } or { EndedAt: not null, ResetTerms: null or { AllowsPasswordAlone: true } };

    // The stamp is needed too: MFA may have been enrolled and ended again.
    private static bool IsSameChange(MfaRecord current, MfaRecord told) =>
        current.SecurityStamp == told.SecurityStamp && current.IsEnabled == told.IsEnabled;
}
