using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Lets the user of a request manage their MFA: enrol, change device, make new recovery codes, disable.</summary>
/// <remarks>
/// <para>
/// Create one for each request. The user is the signed-in user. To enrol, it may be a user who is half signed in for enrolment. Without a
/// user, each method throws <see cref="InvalidOperationException"/>: require authorization, or call <see cref="FindSubjectAsync"/> first.
/// </para>
/// <para>
/// A change that requires a proof takes a code that the user typed. Without a code it uses the session's own verification, while that is
/// younger than <see cref="MfaOptions.StepUpAge"/>. An accepted code also counts as step-up of the session.
/// </para>
/// </remarks>
public sealed class MfaAccount
{
    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;

    internal MfaAccount(MfaService mfa, IMfaUsers users, MfaSession session) => (_mfa, _users, _session) = (mfa, users, session);

    /// <summary>Finds the user whose MFA the request manages.</summary>
    /// <param name="context">The request.</param>
    /// <returns>
    /// The signed-in user, else the user who is half signed in to enrol, else null. The result is also null if the user no longer exists,
    /// or if an administrator has reset their MFA and they have not signed in since.
    /// </returns>
    public async Task<MfaSubject?> FindSubjectAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (await FindEnrollingAsync(context, context.RequestAborted).ConfigureAwait(false))?.Subject;
    }

    /// <summary>Gets the status of the user's MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status.</returns>
    public async Task<MfaStatus> GetStatusAsync(HttpContext context, CancellationToken cancellationToken = default) =>
        await _mfa.GetStatusAsync(await SignedInAsync(context).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Returns whether to ask for a code before a change, because the session's own verification is too old or missing.</summary>
    /// <remarks>
    /// Use it to show or hide a field. The change itself decides, and may still require a code, for example after a change from another
    /// device.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <returns>False if the session's own verification is enough.</returns>
    public async Task<bool> RequiresCodeAsync(HttpContext context) => !await _session.HasYoungReceiptAsync(context).ConfigureAwait(false);

    /// <summary>Verifies a code as step-up of the session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">The text that the user typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer; show its replacement recovery codes.</returns>
    public async Task<VerificationResult> StepUpAsync(HttpContext context, string? response, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await AttemptAsync(
            context,
            attempt => _mfa.VerifyAsync(subject, response, attempt, cancellationToken),
            result => result).ConfigureAwait(false);
        await RenewAsync(context, user, result).ConfigureAwait(false);
        return result;
    }

    /// <summary>Begins to bind an authenticator.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof; not needed for the first authenticator.</param>
    /// <param name="replaces">The authenticator that the new one replaces; null to add one.</param>
    /// <param name="name">The user's name for the authenticator.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or the reason for refusing it.</returns>
    public async Task<EnrollmentOffer> BeginEnrollmentAsync(
        HttpContext context,
        string? response = null,
        Guid? replaces = null,
        string? name = null,
        CancellationToken cancellationToken = default)
    {
        var (subject, user) = await EnrollingAsync(context, cancellationToken).ConfigureAwait(false);
        var offer = await ProveAsync(
            context,
            response,
            proof => _mfa.BeginEnrollmentAsync(subject, user.AccountName, proof, proof is null ? null : replaces, name, cancellationToken),
            offer => offer.Verification).ConfigureAwait(false);
        await RenewAsync(context, user, offer.Verification).ConfigureAwait(false);
        return offer;
    }

    /// <summary>Returns the offer of an unfinished enrolment again, for a page refresh.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same offer, or the reason why it has ended.</returns>
    public async Task<EnrollmentOffer> ResumeEnrollmentAsync(
        HttpContext context, Guid enrollmentId, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await EnrollingAsync(context, cancellationToken).ConfigureAwait(false);
        return await _mfa.ResumeEnrollmentAsync(subject, enrollmentId, user.AccountName, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Binds the authenticator by its first code. Signs in a user who was half signed in to enrol.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="code">The text that the user typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; show its recovery codes.</returns>
    public async Task<MfaChangeResult> ConfirmEnrollmentAsync(
        HttpContext context, Guid enrollmentId, string? code, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await EnrollingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await _mfa.ConfirmEnrollmentAsync(subject, enrollmentId, code, cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await _users.SetMfaRequiredAsync(subject, isRequired: true, CancellationToken.None).ConfigureAwait(false);
            await SignInEnrolledAsync(context, subject, user).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Records that the user has saved their recovery codes, and ends a challenge that was kept for them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="setId">From the issued codes.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public async Task<MfaChangeResult> AcknowledgeRecoveryCodesAsync(
        HttpContext context, Guid setId, CancellationToken cancellationToken = default)
    {
        var subject = await SignedInAsync(context).ConfigureAwait(false);
        var result = await _mfa.AcknowledgeRecoveryCodesAsync(subject, setId, cancellationToken).ConfigureAwait(false);
        await ChallengeCookie.EndAsync(context).ConfigureAwait(false);
        return result;
    }

    /// <summary>Issues new recovery codes. The old ones work until the new ones are acknowledged or used.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; show its recovery codes.</returns>
    public Task<MfaChangeResult> RegenerateRecoveryCodesAsync(
        HttpContext context, string? response = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            context,
            response,
            (subject, proof) => _mfa.RegenerateRecoveryCodesAsync(subject, proof, cancellationToken),
            cancellationToken);

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="context">The request.</param>
    /// <param name="authenticatorId">The authenticator.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public Task<MfaChangeResult> RemoveAuthenticatorAsync(
        HttpContext context, Guid authenticatorId, string? response = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            context,
            response,
            (subject, proof) => _mfa.RemoveAuthenticatorAsync(subject, authenticatorId, proof, cancellationToken),
            cancellationToken);

    /// <summary>Disables MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public async Task<MfaChangeResult> DisableAsync(
        HttpContext context, string? response = null, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await ProveAsync(
            context,
            response,
            proof => _mfa.DisableAsync(subject, proof, cancellationToken),
            result => result.Verification).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            await RenewAsync(context, user, result.Verification).ConfigureAwait(false);
            return result;
        }

        await _users.SetMfaRequiredAsync(subject, isRequired: false, CancellationToken.None).ConfigureAwait(false);
        if (user is not null)
        {
            await _session.RenewAsync(context, user, null, null).ConfigureAwait(false);
        }

        return result;
    }

    private async Task<MfaChangeResult> ChangeAsync(
        HttpContext context,
        string? response,
        Func<MfaSubject, MfaProof?, ValueTask<MfaChangeResult>> change,
        CancellationToken cancellationToken)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await ProveAsync(context, response, proof => change(subject, proof), result => result.Verification)
            .ConfigureAwait(false);
        await RenewAsync(context, user, result.Verification).ConfigureAwait(false);
        return result;
    }

    private async Task<T> ProveAsync<T>(
        HttpContext context, string? response, Func<MfaProof?, ValueTask<T>> change, Func<T, VerificationResult?> verificationOf)
    {
        if (!string.IsNullOrWhiteSpace(response))
        {
            return await AttemptAsync(context, attempt => change(MfaProof.FromCode(response, attempt)), verificationOf)
                .ConfigureAwait(false);
        }

        var receipt = await _session.FindReceiptAsync(context).ConfigureAwait(false);
        return await change(receipt is null ? null : MfaProof.FromReceipt(receipt)).ConfigureAwait(false);
    }

    // Use the session's attempt, so that a retry of a recovery code gets the same answer. If the lost answer belonged to another code, the
    // attempt is already spent: verify this code in a new attempt.
    private async Task<T> AttemptAsync<T>(
        HttpContext context, Func<AttemptId, ValueTask<T>> verify, Func<T, VerificationResult?> verificationOf)
    {
        var result = await verify(await _session.FindAttemptAsync(context).ConfigureAwait(false)).ConfigureAwait(false);
        return verificationOf(result)?.Reason == RefusalReason.AttemptSpent
            ? await verify(_mfa.BeginAttempt()).ConfigureAwait(false)
            : result;
    }

    private Task RenewAsync(HttpContext context, MfaUser? user, VerificationResult? verification) =>
        user is not null && verification is { Succeeded: true }
            ? _session.RenewAsync(context, user, verification.Method, verification.Receipt)
            : Task.CompletedTask;

    private async Task SignInEnrolledAsync(HttpContext context, MfaSubject subject, MfaUser user)
    {
        if (await _session.FindSubjectAsync(context).ConfigureAwait(false) is null
            && await ChallengeCookie.ReadAsync(context).ConfigureAwait(false) is { } challenge)
        {
            await _session.SignInAsync(context, subject, user, challenge.IsPersistent, MfaMethod.Totp).ConfigureAwait(false);
        }
        else
        {
            var receipt = await _session.FindReceiptAsync(context).ConfigureAwait(false);
            await _session.RenewAsync(context, user, MfaMethod.Totp, receipt).ConfigureAwait(false);
        }

        await ChallengeCookie.EndAsync(context).ConfigureAwait(false);
    }

    private async Task<MfaSubject> SignedInAsync(HttpContext context) =>
        await _session.FindSubjectAsync(context).ConfigureAwait(false)
        ?? throw new InvalidOperationException("No user is signed in: require authorization first.");

    // Find the user first: a failure after the code is consumed would lose the answer.
    private async Task<(MfaSubject Subject, MfaUser? User)> ChangingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var subject = await SignedInAsync(context).ConfigureAwait(false);
        return (subject, await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false));
    }

    private async Task<(MfaSubject Subject, MfaUser User)> EnrollingAsync(HttpContext context, CancellationToken cancellationToken) =>
        await FindEnrollingAsync(context, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException("No user may enrol: call FindSubjectAsync first.");

    private async Task<(MfaSubject Subject, MfaUser User)?> FindEnrollingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var signedIn = await _session.FindSubjectAsync(context).ConfigureAwait(false);
        var found = signedIn
            ?? (await ChallengeCookie.ReadAsync(context).ConfigureAwait(false) is { IsEnrollment: true } challenge
                ? challenge.Subject
                : null);
        if (found is not { } subject || await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        // The first authenticator needs no proof. After a reset or the loss of the record, accept only a user who has entered the password
        // since. An older session may belong to the attacker who caused the reset.
        var isOld = signedIn is not null && user.IsMfaRequired
            && !(await _mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false)).IsEnabled;
        return isOld ? null : (subject, user);
    }
}
