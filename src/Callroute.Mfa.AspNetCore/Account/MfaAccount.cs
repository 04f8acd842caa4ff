using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Lets the user of a request manage their MFA: enrol, change device, make new recovery codes, disable.</summary>
/// <remarks>
/// <para>
/// One a request. The user is whoever is signed in; to enrol, also one who is half signed in for that and nothing else. Where there is
/// neither, each method throws <see cref="InvalidOperationException"/>: require authorization, or ask <see cref="FindSubjectAsync"/>.
/// </para>
/// <para>
/// What wants a proof takes a code that the person typed; without one it uses the session's own verification, while
/// that is younger than <see cref="MfaSettings.StepUpAge"/>. A code that was accepted counts as step-up of the session.
/// </para>
/// </remarks>
public sealed class MfaAccount
{
    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;

    internal MfaAccount(MfaService mfa, IMfaUsers users, MfaSession session) => (_mfa, _users, _session) = (mfa, users, session);

    /// <summary>Tells whose MFA the request manages.</summary>
    /// <param name="context">The request.</param>
    /// <returns>
    /// The signed-in user; else one who is half signed in to enrol; else null. Null too where the user is not known any more, or must
    /// enrol anew after an administrator's reset and has not signed in since.
    /// </returns>
    public async Task<MfaSubject?> FindSubjectAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (await FindEnrollingAsync(context, context.RequestAborted).ConfigureAwait(false))?.Subject;
    }

    /// <summary>Tells what is known about the user's MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status.</returns>
    public async Task<MfaStatus> GetStatusAsync(HttpContext context, CancellationToken cancellationToken = default) =>
        await _mfa.GetStatusAsync(await SignedInAsync(context).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Tells whether to ask for a code before a change: the session has none that is young enough.</summary>
    /// <remarks>For showing a field. What is decided is decided by the change itself, which may want a code nonetheless, as after another device changed something.</remarks>
    /// <param name="context">The request.</param>
    /// <returns>False where the session's own verification will do.</returns>
    public async Task<bool> WantsCodeAsync(HttpContext context) => !await _session.HasYoungReceiptAsync(context).ConfigureAwait(false);

    /// <summary>Verifies a code for nothing but the session's step-up.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">What the person typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer; show its replacement recovery codes.</returns>
    public async Task<VerificationResult> StepUpAsync(HttpContext context, string? response, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await AttemptAsync(context, attempt => _mfa.VerifyAsync(subject, response, attempt, cancellationToken), result => result).ConfigureAwait(false);
        await RenewAsync(context, user, result).ConfigureAwait(false);
        return result;
    }

    /// <summary>Begins to bind an authenticator.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof; not needed for the first authenticator.</param>
    /// <param name="replaces">The authenticator that the new one replaces; null to add one.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or why there is none.</returns>
    public async Task<EnrollmentOffer> BeginEnrollmentAsync(HttpContext context, string? response = null, Guid? replaces = null, string? name = null, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await EnrollingAsync(context, cancellationToken).ConfigureAwait(false);
        var offer = await ProveAsync(
            context,
            response,
            proof => _mfa.BeginEnrollmentAsync(subject, user.AccountName, BindingOf(replaces, proof, name), cancellationToken),
            offer => offer.Verification).ConfigureAwait(false);
        await RenewAsync(context, user, offer.Verification).ConfigureAwait(false);
        return offer;
    }

    /// <summary>Gives the offer of an unfinished enrolment again, for a page refresh.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same offer, or why it has ended.</returns>
    public async Task<EnrollmentOffer> ResumeEnrollmentAsync(HttpContext context, Guid enrollmentId, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await EnrollingAsync(context, cancellationToken).ConfigureAwait(false);
        return await _mfa.ResumeEnrollmentAsync(subject, enrollmentId, user.AccountName, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Binds the authenticator by its first code, and signs in whoever was half signed in to enrol.</summary>
    /// <param name="context">The request.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="code">What the person typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; show its recovery codes.</returns>
    public async Task<EnrollmentResult> ConfirmEnrollmentAsync(HttpContext context, Guid enrollmentId, string? code, CancellationToken cancellationToken = default)
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

    /// <summary>Notes that the user has saved their recovery codes, which also ends a challenge that was kept for them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="generation">From the issued codes.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public async Task<MfaChangeResult> AcknowledgeRecoveryCodesAsync(HttpContext context, Guid generation, CancellationToken cancellationToken = default)
    {
        var subject = await SignedInAsync(context).ConfigureAwait(false);
        var result = await _mfa.AcknowledgeRecoveryCodesAsync(subject, generation, cancellationToken).ConfigureAwait(false);
        await ChallengeCookie.EndAsync(context).ConfigureAwait(false);
        return result;
    }

    /// <summary>Makes new recovery codes; the old ones work until the new ones are acknowledged or used.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; show its recovery codes.</returns>
    public Task<MfaChangeResult> RegenerateRecoveryCodesAsync(HttpContext context, string? response = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(context, response, (subject, proof) => _mfa.RegenerateRecoveryCodesAsync(subject, proof, cancellationToken), cancellationToken);

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="context">The request.</param>
    /// <param name="authenticatorId">The authenticator.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public Task<MfaChangeResult> RemoveAuthenticatorAsync(HttpContext context, Guid authenticatorId, string? response = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(context, response, (subject, proof) => _mfa.RemoveAuthenticatorAsync(subject, authenticatorId, proof, cancellationToken), cancellationToken);

    /// <summary>Disables MFA.</summary>
    /// <param name="context">The request.</param>
    /// <param name="response">A code as proof, or null.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public async Task<MfaChangeResult> DisableAsync(HttpContext context, string? response = null, CancellationToken cancellationToken = default)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await ProveAsync(context, response, proof => _mfa.DisableAsync(subject, proof, cancellationToken), result => result.Verification).ConfigureAwait(false);
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

    private async Task<MfaChangeResult> ChangeAsync(HttpContext context, string? response, Func<MfaSubject, MfaProof?, ValueTask<MfaChangeResult>> change, CancellationToken cancellationToken)
    {
        var (subject, user) = await ChangingAsync(context, cancellationToken).ConfigureAwait(false);
        var result = await ProveAsync(context, response, proof => change(subject, proof), result => result.Verification).ConfigureAwait(false);
        await RenewAsync(context, user, result.Verification).ConfigureAwait(false);
        return result;
    }

    private async Task<T> ProveAsync<T>(HttpContext context, string? response, Func<MfaProof?, ValueTask<T>> change, Func<T, VerificationResult?> verificationOf)
    {
        if (!string.IsNullOrWhiteSpace(response))
        {
            return await AttemptAsync(context, attempt => change(MfaProof.FromCode(response, attempt)), verificationOf).ConfigureAwait(false);
        }

        var receipt = await _session.FindReceiptAsync(context).ConfigureAwait(false);
        return await change(receipt is null ? null : MfaProof.FromReceipt(receipt)).ConfigureAwait(false);
    }

    // In the session's attempt, so that a recovery code whose answer was lost gets it again. Where it was the answer to another code
    // that was lost, the attempt is spent and the session does not know: this code is one of a new attempt.
    private async Task<T> AttemptAsync<T>(HttpContext context, Func<AttemptId, ValueTask<T>> verify, Func<T, VerificationResult?> verificationOf)
    {
        var result = await verify(await _session.FindAttemptAsync(context).ConfigureAwait(false)).ConfigureAwait(false);
        return verificationOf(result)?.Reason == RefusalReason.AttemptSpent ? await verify(_mfa.BeginAttempt()).ConfigureAwait(false) : result;
    }

    // A replacement cannot even be asked for without a proof, so the refusal is the one of adding.
    private static EnrollmentBinding BindingOf(Guid? replaces, MfaProof? proof, string? name) =>
        replaces is { } old && proof is not null ? EnrollmentBinding.Replace(old, proof, name) : EnrollmentBinding.Add(proof, name);

    private Task RenewAsync(HttpContext context, MfaUser? user, VerificationResult? verification) =>
        user is not null && verification is { Succeeded: true } ? _session.RenewAsync(context, user, verification.Method, verification.Receipt) : Task.CompletedTask;

    private async Task SignInEnrolledAsync(HttpContext context, MfaSubject subject, MfaUser user)
    {
        if (await _session.FindSubjectAsync(context).ConfigureAwait(false) is null
            && await ChallengeCookie.ReadAsync(context).ConfigureAwait(false) is { } challenge)
        {
            await _session.SignInAsync(context, subject, user, challenge.IsPersistent, MfaMethod.Totp).ConfigureAwait(false);
        }
        else
        {
            await _session.RenewAsync(context, user, MfaMethod.Totp, await _session.FindReceiptAsync(context).ConfigureAwait(false)).ConfigureAwait(false);
        }

        await ChallengeCookie.EndAsync(context).ConfigureAwait(false);
    }

    private async Task<MfaSubject> SignedInAsync(HttpContext context) =>
        await _session.FindSubjectAsync(context).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody is signed in: require authorization first.");

    // The user is asked for first: what fails afterwards would lose the answer to a code that is used up.
    private async Task<(MfaSubject Subject, MfaUser? User)> ChangingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var subject = await SignedInAsync(context).ConfigureAwait(false);
        return (subject, await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false));
    }

    private async Task<(MfaSubject Subject, MfaUser User)> EnrollingAsync(HttpContext context, CancellationToken cancellationToken) =>
        await FindEnrollingAsync(context, cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody may enrol: ask FindSubjectAsync first.");

    private async Task<(MfaSubject Subject, MfaUser User)?> FindEnrollingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var signedIn = await _session.FindSubjectAsync(context).ConfigureAwait(false);
        var found = signedIn ?? (await ChallengeCookie.ReadAsync(context).ConfigureAwait(false) is { IsEnrollment: true } challenge ? challenge.Subject : null);
        if (found is not { } subject || await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        // The first authenticator wants no proof. After a reset, or where the record was lost, that is for who gives the password now:
        // a session of before may be the thief's that the reset was for.
        var isOld = signedIn is not null && user.IsMfaRequired && !(await _mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false)).IsEnabled;
        return isOld ? null : (subject, user);
    }
}
