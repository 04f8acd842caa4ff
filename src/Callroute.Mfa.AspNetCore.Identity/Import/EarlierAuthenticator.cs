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

    /// <summary>Whether the user has factors that were not moved. Asked when a sign-in finds no record.</summary>
    public async Task<bool> IsWaitingAsync(MfaSubject subject) =>
        await rows.FindAsync(subject.UserId).ConfigureAwait(false) is { IsWaiting: true };

    /// <summary>Verifies a code of factors that were not moved, and moves them. Asked when the record does not know the code.</summary>
    /// <returns>The answer; null if there is nothing to move.</returns>
    public async Task<VerificationResult?> VerifyAsync(MfaSubject subject, string? code, AttemptId attempt, string? knownDevice)
    {
        if (await rows.FindAsync(subject.UserId).ConfigureAwait(false) is not { IsEnabled: true } found)
        {
            return null;
        }

        if (found.HasRecoveryCode(code))
        {
            return await RecoverAsync(subject, found, code, attempt, knownDevice).ConfigureAwait(false);
        }

        return found.IsWaiting && found.TryReadSecret(out var secret)
            ? await BindAsync(
                subject,
                found,
                secret,
                () => _import.VerifyAndImportAsync(subject, secret, Parameters, name: null, code, attempt, knownDevice),
                result => result.Reason is not (RefusalReason.Malformed or RefusalReason.NotEnrolled or RefusalReason.Unavailable))
                .ConfigureAwait(false)
            : null;
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

        await (key is null ? rows.RetireAsync(subject.UserId) : rows.KeepKeyAsync(subject.UserId, key)).ConfigureAwait(false);
        if (confirmed.RecoveryCodes is { } issued)
        {
            await rows.KeepCodesAsync(subject.UserId, issued.Reveal()).ConfigureAwait(false);
        }
    }

    // Identity's own codes are hashed at the first use of one: only its owner may cause this cost.
    private async Task<VerificationResult?> RecoverAsync(
        MfaSubject subject, EarlierFactors found, string? code, AttemptId attempt, string? knownDevice)
    {
        if (found.IsWaiting)
        {
            if (!found.TryReadSecret(out var secret))
            {
                return null;
            }

            await BindAsync(
                subject,
                found,
                secret,
                () => _import.ImportAuthenticatorAsync(subject, secret, Parameters),
                result => result.Succeeded).ConfigureAwait(false);
        }

        var imported = await _import.ImportRecoveryCodesAsync(subject, [.. found.RecoveryCodes]).ConfigureAwait(false);
        return imported.Succeeded
            ? await mfa.VerifyAsync(subject, code, attempt, knownDevice).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// Marks the key, then moves it. A key that is marked is never moved again: otherwise a lost record would come back with clean
    /// counters, perhaps with a phone that the user has replaced. The mark goes if nothing was moved, as far as we know: moving a key again
    /// that was moved after all changes nothing.
    /// </summary>
    private async Task<T> BindAsync<T>(
        MfaSubject subject, EarlierFactors found, SharedSecret secret, Func<ValueTask<T>> moveAsync, Func<T, bool> isMoved)
    {
        using var _ = secret;
        await rows.MarkAsync(subject.UserId, found).ConfigureAwait(false);
        var result = await moveAsync().ConfigureAwait(false);
        if (!isMoved(result))
        {
            await rows.UnmarkAsync(subject.UserId).ConfigureAwait(false);
        }

        return result;
    }
}
