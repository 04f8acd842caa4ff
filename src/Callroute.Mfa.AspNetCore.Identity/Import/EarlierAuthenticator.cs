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
    public static readonly TotpParameters Parameters = new();

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
        if (!found.IsWaiting || code.EnumerateRunes().Count(Rune.IsDigit) != Parameters.Digits || !found.TryReadSecret(out var secret))
        {
            return null;
        }

        using (secret)
        {
            await rows.BeginMoveAsync(subject.UserId).ConfigureAwait(false);
            return await _import.VerifyAndImportAsync(subject, secret, Parameters, name: null, code, attempt, knownDevice)
                .ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Marks the key, then moves it. <see cref="IdentityRows{TUser}.OnEnrolledChangedAsync"/> makes the mark final when the record is
    /// there: then the key is never moved again. Otherwise a lost record would come back with clean counters, perhaps with a phone that
    /// the user has replaced.
    /// </summary>
    public async Task<MfaChangeOutcome> MoveAsync(MfaSubject subject, SharedSecret secret)
    {
        await rows.BeginMoveAsync(subject.UserId).ConfigureAwait(false);
        return (await _import.ImportAuthenticatorAsync(subject, secret, Parameters).ConfigureAwait(false)).Outcome;
    }

    /// <summary>Whether the key in Identity's rows is that of a user who has a record.</summary>
    public async Task<bool> IsBoundAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.IsKept)
        {
            return (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled;
        }

        if (!found.TryReadSecret(out var secret))
        {
            return false;
        }

        using (secret)
        {
            var result = await _import.ImportAuthenticatorAsync(subject, secret, Parameters).ConfigureAwait(false);
            return result.Outcome == MfaChangeOutcome.AlreadyImported;
        }
    }

    /// <returns>The key that is about to be confirmed, if Identity's rows shall have it too; else null.</returns>
    public async Task<string?> FindNewKeyAsync(MfaSubject subject, Guid enrollment)
    {
        if (!options.KeepIdentityRows)
        {
            return null;
        }

        using var offer = await mfa.ResumeEnrollmentAsync(subject, enrollment, subject.UserId).ConfigureAwait(false);
        return offer.Uri?.Secret.RevealBase32();
    }

    /// <summary>Replaces the factors in Identity's rows after a new authenticator was confirmed: the old ones must not come back.</summary>
    public async Task ReplaceAsync(MfaSubject subject, MfaChangeResult confirmed, string? key)
    {
        if (!confirmed.Succeeded)
        {
            return;
        }

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

        if (confirmed.RecoveryCodes is { } issued)
        {
            await rows.KeepCodesAsync(subject.UserId, issued.Reveal()).ConfigureAwait(false);
        }
    }

    // Identity's own codes are hashed at the first use of one: only its owner may cause this cost. Wrong ones are not counted before:
    // guessing one of ten codes of 47 bits at a thousand a second takes centuries.
    private async Task<VerificationResult?> RecoverAsync(
        MfaSubject subject, EarlierFactors found, string code, AttemptId attempt, string? knownDevice)
    {
        if (found.IsWaiting)
        {
            if (!found.TryReadSecret(out var secret))
            {
                return null;
            }

            using (secret)
            {
                await MoveAsync(subject, secret).ConfigureAwait(false);
            }
        }

        var imported = await _import.ImportRecoveryCodesAsync(subject, [.. found.RecoveryCodes]).ConfigureAwait(false);
        return imported.Succeeded ? await mfa.VerifyAsync(subject, code, attempt, knownDevice).ConfigureAwait(false) : null;
    }
}
