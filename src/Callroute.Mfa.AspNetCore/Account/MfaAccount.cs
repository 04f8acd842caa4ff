using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Lets the user of a request manage their MFA: enrol, change device, make new recovery codes, disable.</summary>
/// <remarks>
/// <para>
/// The container creates one for each request. The user is the signed-in user. To enrol, it may be a user who is half signed in for
/// enrolment. Without a user, the methods that need one throw <see cref="InvalidOperationException"/>: call <see cref="FindSubjectAsync"/>
/// before an enrolment, and <see cref="RequiresSignInAsync"/> before anything else.
/// </para>
/// <para>
/// A change that requires a proof takes a code that the user typed. Without a code it uses the session's own verification, while that is
/// younger than <see cref="MfaOptions.StepUpAge"/>. An accepted code also counts as step-up of the session.
/// </para>
/// <para>
/// Create the attempt of a form with <see cref="MfaService.BeginAttempt"/> and keep it in a hidden field. Sending the same form again then
/// gets the same answer to an accepted code. The attempt is a secret of the browser: keep it out of addresses and logs.
/// </para>
/// </remarks>
public sealed class MfaAccount
{
    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;
    private readonly ChallengeCarrier _challenge;
    private readonly KnownDeviceCarrier _device;

    internal MfaAccount(MfaService mfa, IMfaUsers users, MfaSession session, ChallengeCarrier challenge, KnownDeviceCarrier device) =>
        (_mfa, _users, _session, _challenge, _device) = (mfa, users, session, challenge, device);

    /// <summary>Finds the user who may enrol an authenticator.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">
    /// The enrolment that the request resumes or confirms; null if it begins one. With its id, the user can repeat a confirmation whose
    /// response was lost.
    /// </param>
    /// <returns>
    /// The signed-in user, else the user who is half signed in to enrol, else null. The result is also null if the user no longer exists,
    /// if their record is lost, if the time to enrol after a reset is over, or if the session began without MFA and the user has enrolled
    /// since. If the store fails, its exception is thrown.
    /// </returns>
    public async Task<MfaSubject?> FindSubjectAsync(HttpContext context, Guid? enrollmentId = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (await FindEnrollingAsync(context, enrollmentId, context.RequestAborted).ConfigureAwait(false))?.SignedIn.Subject;
    }

    /// <summary>Returns whether the user must sign in again before they can do anything but enrol.</summary>
    /// <param name="context">The request.</param>
    /// <returns>
    /// True if no user is signed in, if the user no longer exists, or if the session began without MFA and the user now must have MFA or is
    /// enrolled. If the store fails in a session without MFA, its exception is thrown.
    /// </returns>
    public async Task<bool> RequiresSignInAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await FindSignedInAsync(context, context.RequestAborted).ConfigureAwait(false) is null;
    }

    /// <summary>Gets the status of the user's MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status.</returns>
    public async Task<MfaStatus> GetStatusAsync(HttpContext context, CancellationToken cancellationToken = default)
    {
        var (subject, _, status) = await SignedInAsync(context, cancellationToken).ConfigureAwait(false);
        return status ?? await _mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns whether to ask for a code before a change, because the session's own verification is too old or missing.</summary>
    /// <remarks>
    /// Use it to show or hide a field. The change itself decides, and may still require a code, for example after a change from another
    /// device.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <returns>False if the session's own verification is enough.</returns>
    public async Task<bool> RequiresCodeForChangesAsync(HttpContext context) =>
        await RequiresSignInAsync(context).ConfigureAwait(false) || !await _session.HasYoungReceiptAsync(context).ConfigureAwait(false);

    /// <summary>Verifies a code as step-up of the session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">The text that the user typed.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer; show its replacement recovery codes.</returns>
    public async Task<VerificationResult> StepUpAsync(
        HttpContext context, string? response, AttemptId? attempt = null, CancellationToken cancellationToken = default)
    {
        var (subject, user, _) = await SignedInAsync(context, cancellationToken).ConfigureAwait(false);
        var known = _device.Read(context, subject);
        var result = await AttemptAsync(
            attempt,
            current => _mfa.VerifyAsync(subject, response, current, known, isStepUp: true, cancellationToken: cancellationToken),
            result => result).ConfigureAwait(false);
        await RenewAsync(context, subject, user, result).ConfigureAwait(false);
        return result;
    }

    /// <summary>Begins to bind an authenticator.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof; not needed for the first authenticator.</param>
    /// <param name="replaces">The authenticator that the new one replaces; null to add one.</param>
    /// <param name="name">The user's name for the authenticator.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or the reason for refusing it.</returns>
    public async Task<EnrollmentOffer> BeginEnrollmentAsync(
        HttpContext context,
        string? response = null,
        Guid? replaces = null,
        string? name = null,
        AttemptId? attempt = null,
        CancellationToken cancellationToken = default)
    {
        var (signedIn, user) = await EnrollingAsync(context, null, cancellationToken).ConfigureAwait(false);
        var subject = signedIn.Subject;
        var offer = await ProveAsync(
            new CodeForm(context, response, attempt),
            subject,
            proof => _mfa.BeginEnrollmentAsync(
                subject,
                user.AccountName,
                proof,
                proof is null ? null : replaces,
                name,
                signedIn.SignedInAt,
                user.Issuer,
                cancellationToken),
            offer => offer.Verification).ConfigureAwait(false);
        await RenewAsync(context, subject, user, offer.Verification).ConfigureAwait(false);
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
        var (signedIn, user) = await EnrollingAsync(context, enrollmentId, cancellationToken).ConfigureAwait(false);
        return await _mfa.ResumeEnrollmentAsync(signedIn.Subject, enrollmentId, user.AccountName, user.Issuer, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Binds the authenticator by its first code. Signs in a user who was half signed in to enrol.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="code">The text that the user typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result; show its recovery codes. For 10 minutes, the same code gets the same result again, until a sign-out or a change.
    /// </returns>
    public async Task<MfaChangeResult> ConfirmEnrollmentAsync(
        HttpContext context, Guid enrollmentId, string? code, CancellationToken cancellationToken = default)
    {
        var (signedIn, user) = await EnrollingAsync(context, enrollmentId, cancellationToken).ConfigureAwait(false);

        // Read before: it may expire while the recovery codes are hashed.
        var challenge = _challenge.Read(context);
        var result = await _mfa.ConfirmEnrollmentAsync(signedIn.Subject, enrollmentId, code, cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            _device.Write(context, signedIn.Subject, result.RevealKnownDevice());
            await SignInEnrolledAsync(context, signedIn.Subject, user, challenge, result).ConfigureAwait(false);
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
        var (subject, user, _) = await SignedInAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await _mfa.AcknowledgeRecoveryCodesAsync(subject, setId, cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            _challenge.End(context);
            await _session.RenewKeyAsync(context, user).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Issues new recovery codes, as <see cref="MfaService.RegenerateRecoveryCodesAsync"/> does.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; show its recovery codes.</returns>
    public Task<MfaChangeResult> RegenerateRecoveryCodesAsync(
        HttpContext context, string? response = null, AttemptId? attempt = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            new CodeForm(context, response, attempt),
            (subject, _, proof) => _mfa.RegenerateRecoveryCodesAsync(subject, proof, cancellationToken),
            cancellationToken);

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="context">The request.</param>
    /// <param name="authenticatorId">The authenticator.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public Task<MfaChangeResult> RemoveAuthenticatorAsync(
        HttpContext context,
        Guid authenticatorId,
        string? response = null,
        AttemptId? attempt = null,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(
            new CodeForm(context, response, attempt),
            (subject, _, proof) => _mfa.RemoveAuthenticatorAsync(subject, authenticatorId, proof, cancellationToken),
            cancellationToken);

    /// <summary>Changes the user's name for an authenticator. It needs no code, because a name opens nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="authenticatorId">The authenticator.</param>
    /// <param name="name">The new name, as in <see cref="BeginEnrollmentAsync"/>; null for none.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.NotFound"/> if there is no such authenticator.</returns>
    public async Task<MfaChangeResult> RenameAuthenticatorAsync(
        HttpContext context, Guid authenticatorId, string? name, CancellationToken cancellationToken = default)
    {
        var (subject, _, _) = await SignedInAsync(context, cancellationToken).ConfigureAwait(false);
        return await _mfa.RenameAuthenticatorAsync(subject, authenticatorId, name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disables MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public Task<MfaChangeResult> DisableAsync(
        HttpContext context, string? response = null, AttemptId? attempt = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            new CodeForm(context, response, attempt),
            (subject, user, proof) => _mfa.DisableAsync(subject, user.Policy, proof, cancellationToken),
            cancellationToken,
            endsMfa: true);

    /// <summary>Makes one known device unknown, or all of them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="deviceId">The device, from <see cref="MfaStatus.KnownDevices"/>; null for all.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="attempt">The attempt of the form; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public Task<MfaChangeResult> RevokeKnownDevicesAsync(
        HttpContext context,
        Guid? deviceId = null,
        string? response = null,
        AttemptId? attempt = null,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(
            new CodeForm(context, response, attempt),
            (subject, _, proof) => _mfa.RevokeKnownDevicesAsync(subject, proof, deviceId, cancellationToken),
            cancellationToken);

    private async Task<MfaChangeResult> ChangeAsync(
        CodeForm form,
        Func<MfaSubject, MfaUser, MfaProof?, ValueTask<MfaChangeResult>> change,
        CancellationToken cancellationToken,
        bool endsMfa = false)
    {
        var (subject, user, _) = await SignedInAsync(form.Context, cancellationToken).ConfigureAwait(false);
        var result = await ProveAsync(form, subject, proof => change(subject, user, proof), result => result.Verification)
            .ConfigureAwait(false);
        await (endsMfa && result.Succeeded
            ? _session.RenewAsync(form.Context, user, null)
            : RenewAsync(form.Context, subject, user, result.Verification)).ConfigureAwait(false);
        return result;
    }

    private async Task<T> ProveAsync<T>(
        CodeForm form, MfaSubject subject, Func<MfaProof?, ValueTask<T>> change, Func<T, VerificationResult?> verificationOf)
    {
        if (!string.IsNullOrWhiteSpace(form.Response))
        {
            var known = _device.Read(form.Context, subject);
            return await AttemptAsync(
                form.Attempt, current => change(MfaProof.FromCode(form.Response, current, known)), verificationOf).ConfigureAwait(false);
        }

        var receipt = await _session.FindReceiptAsync(form.Context).ConfigureAwait(false);
        return await change(receipt is null ? null : MfaProof.FromReceipt(receipt)).ConfigureAwait(false);
    }

    // A form that is sent again with another code has an attempt that is already spent: verify this code in a new attempt.
    private async Task<T> AttemptAsync<T>(
        AttemptId? attempt, Func<AttemptId, ValueTask<T>> verify, Func<T, VerificationResult?> verificationOf)
    {
        var result = await verify(attempt ?? _mfa.BeginAttempt()).ConfigureAwait(false);
        return verificationOf(result)?.Reason == RefusalReason.AttemptSpent
            ? await verify(_mfa.BeginAttempt()).ConfigureAwait(false)
            : result;
    }

    private async Task RenewAsync(HttpContext context, MfaSubject subject, MfaUser user, VerificationResult? verification)
    {
        if (verification is { Succeeded: true })
        {
            _device.Write(context, subject, verification.RevealKnownDevice());
            var keepsKey = verification.ReplacementRecoveryCodes is not null;
            await _session.RenewAsync(context, user, MfaPass.Of(verification), keepsKey).ConfigureAwait(false);
        }
    }

    private async Task SignInEnrolledAsync(
        HttpContext context, MfaSubject subject, MfaUser user, MfaChallenge? challenge, MfaChangeResult confirmed)
    {
        var pass = new MfaPass(MfaMethod.Totp, confirmed.Receipt, confirmed.ConfirmedAt);
        if (challenge is not null && await _session.FindAsync(context).ConfigureAwait(false) is null)
        {
            await _session.SignInAsync(context, subject, user, challenge.IsPersistent, challenge.FirstFactor, pass).ConfigureAwait(false);
        }
        else
        {
            await _session.RenewAsync(context, user, pass).ConfigureAwait(false);
        }

        _challenge.End(context);
    }

    private async Task<(MfaSubject Subject, MfaUser User, MfaStatus? Status)> SignedInAsync(
        HttpContext context, CancellationToken cancellationToken) =>
        await FindSignedInAsync(context, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException($"No user is signed in, or must sign in again: call {nameof(RequiresSignInAsync)} first.");

    /// <returns>The user, with the status if it was read; null if nobody is signed in, or if the user must sign in again.</returns>
    private async Task<(MfaSubject Subject, MfaUser User, MfaStatus? Status)?> FindSignedInAsync(
        HttpContext context, CancellationToken cancellationToken)
    {
        // Find the user before a code is verified: a failure after the code is consumed would lose the answer.
        if (await _session.FindAsync(context).ConfigureAwait(false) is not { } signedIn
            || await _users.FindAsync(signedIn.Subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        if (signedIn.HasPassedMfa || user.MustPassMfa)
        {
            return signedIn.HasPassedMfa ? (signedIn.Subject, user, null) : null;
        }

        // The application may have failed to store that the user is enrolled, so the record counts too.
        var status = await _mfa.GetStatusAsync(signedIn.Subject, cancellationToken).ConfigureAwait(false);
        return status.IsEnabled ? null : (signedIn.Subject, user, status);
    }

    private async Task<(SignedInUser SignedIn, MfaUser User)> EnrollingAsync(
        HttpContext context, Guid? enrollmentId, CancellationToken cancellationToken) =>
        await FindEnrollingAsync(context, enrollmentId, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException($"No user may enrol: call {nameof(FindSubjectAsync)} first.");

    // The first authenticator needs no proof. If the record is lost, accept no session: it may be an attacker's. If there is a record with
    // authenticators, accept only a session that has passed MFA, or the repetition of a confirmation, which needs its id and its code.
    private async Task<(SignedInUser SignedIn, MfaUser User)?> FindEnrollingAsync(
        HttpContext context, Guid? enrollmentId, CancellationToken cancellationToken)
    {
        if (await FindCallerAsync(context, cancellationToken).ConfigureAwait(false) is not (var found, var user))
        {
            return null;
        }

        return await RequirementAsync(found.Subject, user, cancellationToken).ConfigureAwait(false) switch
        {
            SignInRequirement.NotRequired or SignInRequirement.EnrollmentRequired => (found, user),
            SignInRequirement.Required when found.HasPassedMfa => (found, user),
            SignInRequirement.Required when enrollmentId is { } id
                && await _mfa.IsConfirmedAsync(found.Subject, id, cancellationToken).ConfigureAwait(false) => (found, user),
            _ => null,
        };
    }

    /// <returns>The signed-in user, else the user who is half signed in to enrol; null if there is none any more.</returns>
    private async Task<(SignedInUser SignedIn, MfaUser User)?> FindCallerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await _session.FindAsync(context).ConfigureAwait(false) is { } signedIn)
        {
            return await _users.FindAsync(signedIn.Subject, cancellationToken).ConfigureAwait(false) is { } user ? (signedIn, user) : null;
        }

        return _challenge.Read(context) is { IsEnrollment: true } challenge
            && await _users.FindAsync(challenge.Subject, cancellationToken).ConfigureAwait(false) is { } enrolling
            && challenge.IsOf(enrolling)
                ? (new SignedInUser(challenge.Subject, HasPassedMfa: false, challenge.IssuedAt), enrolling)
                : null;
    }

    private async Task<SignInRequirement> RequirementAsync(MfaSubject subject, MfaUser user, CancellationToken cancellationToken)
    {
        var requirement = await DecideAsync().ConfigureAwait(false);
        if (requirement != SignInRequirement.Unavailable)
        {
            return requirement;
        }

        // The store failed, or the record is lost. This read throws if the store fails still.
        await _mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false);
        return await DecideAsync().ConfigureAwait(false);

        ValueTask<SignInRequirement> DecideAsync() =>
            _mfa.GetSignInRequirementAsync(subject, user.Policy, user.IsEnrolled, cancellationToken);
    }

    /// <summary>A form with a code, or without one if the session's own verification is the proof.</summary>
    private readonly record struct CodeForm(HttpContext Context, string? Response, AttemptId? Attempt)
    {
        public override string ToString() => nameof(CodeForm);
    }
}
