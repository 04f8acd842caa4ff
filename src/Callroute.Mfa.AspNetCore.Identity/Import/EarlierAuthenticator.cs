using System.Diagnostics.CodeAnalysis;
using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>
/// Moves the authenticator and the recovery codes that a user has from the time before this package, when the user signs in with one of
/// them. The phone and the codes stay the same.
/// </summary>
internal sealed class EarlierAuthenticator<TUser>(MfaService mfa, IdentityRows<TUser> rows, IdentityMfaOptions options)
    where TUser : class
{
    // The only ones that Identity has.
    private static readonly TotpParameters Parameters = new();

    private readonly MfaImport _import = new(mfa);

    /// <summary>Whether the user has factors that were not moved. Asked when a sign-in finds no record, or gets no answer.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the store throws, nobody knows what the record says: refuse.")]
    public async Task<bool> IsWaitingAsync(MfaSubject subject)
    {
        try
        {
            return await rows.FindAsync(subject.UserId).ConfigureAwait(false) is { IsWaiting: true }
                && !(await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether plain Identity, on a server of the old version, has given the user an authenticator that this package does not know. Such a
    /// user must not enrol by the password alone.
    /// </summary>
    public async Task<bool> IsEnrolledElsewhereAsync(MfaSubject subject) =>
        await rows.FindAsync(subject.UserId).ConfigureAwait(false) is { HasKey: true } found
        && (found.Mark is null || found.HasChangedSinceTheMark);

    /// <summary>Verifies a code of factors that were not moved, and moves them. Asked when the record does not know the code.</summary>
    /// <returns>The answer; null if there is nothing to move.</returns>
    public async Task<VerificationResult?> VerifyAsync(MfaSubject subject, string? code, AttemptId attempt, string? knownDevice)
    {
        if (code is null || await rows.FindAsync(subject.UserId).ConfigureAwait(false) is not { IsEnabled: true } found)
        {
            return null;
        }

        if (found.HasRecoveryCode(code))
        {
            return await RecoverAsync(subject, found, code, attempt, knownDevice).ConfigureAwait(false);
        }

        // Any other text must not write into Identity's rows.
        using var secret = found.ReadSecret();
        if (!found.IsWaiting || code.EnumerateRunes().Count(Rune.IsDigit) != Parameters.Digits || secret is null)
        {
            return null;
        }

        await rows.BeginMoveAsync(subject.UserId).ConfigureAwait(false);
        return await _import.VerifyAndImportAsync(subject, secret, Parameters, name: null, code, attempt, knownDevice)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Marks the key, then moves it. <see cref="IdentityRows{TUser}.SetEnrolledAsync"/> makes the mark final when the record is there: then
    /// the key is never moved again. Otherwise a lost record would come back with clean counters, perhaps with a phone that the user has
    /// replaced.
    /// </summary>
    /// <returns>The outcome; null if the key is no Base32.</returns>
    public async Task<MfaChangeOutcome?> MoveAsync(MfaSubject subject, EarlierFactors found)
    {
        using var secret = found.ReadSecret();
        if (secret is null)
        {
            return null;
        }

        await rows.BeginMoveAsync(subject.UserId).ConfigureAwait(false);
        return (await _import.ImportAuthenticatorAsync(subject, secret, Parameters).ConfigureAwait(false)).Outcome;
    }

    /// <summary>Moves the recovery codes. Each is hashed.</summary>
    public async Task<MfaChangeOutcome> MoveCodesAsync(MfaSubject subject, EarlierFactors found) =>
        (await _import.ImportRecoveryCodesAsync(subject, found.RecoveryCodes).ConfigureAwait(false)).Outcome;

    /// <summary>Whether the key in Identity's rows is that of a user who has a record.</summary>
    public async Task<bool> IsBoundAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.IsKept)
        {
            return (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled;
        }

        using var secret = found.ReadSecret();
        return secret is not null
            && await _import.ImportAuthenticatorAsync(subject, secret, Parameters).ConfigureAwait(false)
                is { Outcome: MfaChangeOutcome.AlreadyImported };
    }

    /// <summary>Confirms an authenticator, and replaces the factors in Identity's rows: the old ones must not come back.</summary>
    public async Task<MfaChangeResult> ConfirmEnrollmentAsync(MfaSubject subject, Guid enrollment, string? code)
    {
        // The key can be read only before it is confirmed.
        var key = options.KeepIdentityRows ? await FindKeyAsync(subject, enrollment).ConfigureAwait(false) : null;
        var confirmed = await mfa.ConfirmEnrollmentAsync(subject, enrollment, code).ConfigureAwait(false);
        if (confirmed.Succeeded)
        {
            await ReplaceAsync(subject, key, confirmed.RecoveryCodes?.Reveal()).ConfigureAwait(false);
        }

        return confirmed;
    }

    private async Task<string?> FindKeyAsync(MfaSubject subject, Guid enrollment)
    {
        using var offer = await mfa.ResumeEnrollmentAsync(subject, enrollment, subject.UserId).ConfigureAwait(false);
        return offer.Uri?.Secret.RevealBase32();
    }

    private async Task ReplaceAsync(MfaSubject subject, string? key, IEnumerable<string>? codes)
    {
        if (key is not null)
        {
            await rows.KeepKeyAsync(subject.UserId, key).ConfigureAwait(false);
        }
        else if (await rows.FindAsync(subject.UserId).ConfigureAwait(false) is { HasKey: true } found
            && !await IsBoundAsync(subject, found).ConfigureAwait(false))
        {
            // The rows are not kept, or this is the second answer to a confirmation whose first one did not write them.
            await rows.EndAsync(subject.UserId).ConfigureAwait(false);
        }

        if (codes is not null)
        {
            await rows.KeepCodesAsync(subject.UserId, codes).ConfigureAwait(false);
        }
    }

    // Identity's own codes are hashed at the first use of one: only its owner may cause this cost. Wrong ones are not counted before:
    // guessing one of ten codes of 47 bits at a thousand a second takes centuries.
    private async Task<VerificationResult?> RecoverAsync(
        MfaSubject subject, EarlierFactors found, string code, AttemptId attempt, string? knownDevice)
    {
        if (found.IsWaiting && await MoveAsync(subject, found).ConfigureAwait(false) is null)
        {
            return null;
        }

        return await MoveCodesAsync(subject, found).ConfigureAwait(false) == MfaChangeOutcome.Succeeded
            ? await mfa.VerifyAsync(subject, code, attempt, knownDevice).ConfigureAwait(false)
            : null;
    }
}
