using System.Diagnostics.CodeAnalysis;
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
        for (var tries = 1; ; tries++)
        {
            var current = await TellOnceAsync(callback, subject, told).ConfigureAwait(false);
            if (!IsToTell(current))
            {
                return null;
            }

            if (IsTold(current, told))
            {
                return told.IsEnabled;
            }

            if (tries == MaximumTries)
            {
                await OweAgainAsync(subject, told).ConfigureAwait(false);
                return null;
            }

            told = current;
        }
    }

    /// <returns>The record after the application was told; null if other requests keep changing it.</returns>
    private async ValueTask<MfaRecord?> TellOnceAsync(Func<MfaSubject, bool, ValueTask> callback, MfaSubject subject, MfaRecord told)
    {
        try
        {
            await callback(subject, told.IsEnabled).ConfigureAwait(false);
            var settled = await records.RunAsync<MfaRecord?>(
                subject, null, (current, _, _) => new(Settle(current, told)), CancellationToken.None).ConfigureAwait(false);
            return settled.Result;
        }
        catch
        {
            await OweAgainAsync(subject, told).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Owes the notice of a later change again. What the application was told may have overwritten it, even by a callback that threw.
    /// </summary>
    private async ValueTask OweAgainAsync(MfaSubject subject, MfaRecord told) =>
        await records.RunAsync(
            subject, true, (current, now, _) => new(OweAgain(current, told, now)), CancellationToken.None).ConfigureAwait(false);

    private static Decision<MfaRecord?> Settle(MfaRecord? current, MfaRecord told) =>
        current is { NoticeOwedSince: not null } && IsTold(current, told)
            ? Decision.SaveKeepingAnswer<MfaRecord?>(current, current with { NoticeOwedSince = null })
            : Decision.NoChange(current);

    // A later time than before: a server that is about to settle the later change must see that it is owed again.
    private static Decision<bool> OweAgain(MfaRecord? current, MfaRecord told, DateTimeOffset now) =>
        !IsToTell(current) || IsTold(current, told)
            ? Decision.NoChange(true)
            : Decision.SaveKeepingAnswer(true, current with
            {
                NoticeOwedSince = current.NoticeOwedSince >= now ? current.NoticeOwedSince.Value.AddTicks(1) : now,
            });

    // Never tell "not enrolled" because a record is missing or old, or after a reset that does not allow the password alone.
    private static bool IsToTell([NotNullWhen(true)] MfaRecord? record) =>
        record is { IsEnabled: true } or { EndedAt: not null, ResetTerms: null or { AllowsPasswordAlone: true } };

    /// <summary>Whether the record is still of the change that the application was told, and not owed again.</summary>
    /// <remarks>The stamp is needed too: MFA may have been enrolled and ended again.</remarks>
    private static bool IsTold(MfaRecord current, MfaRecord told) =>
        current.SecurityStamp == told.SecurityStamp
        && current.IsEnabled == told.IsEnabled
        && (current.NoticeOwedSince is null || current.NoticeOwedSince == told.NoticeOwedSince);
}
