using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Signs users in: after the first factor, and after the code.</summary>
/// <remarks>
/// One a request. Between the two steps the user is half signed in: a cookie of its own scheme, encrypted, for
/// <see cref="MfaSettings.ChallengeLifetime"/>, holds who they are and the attempt. It is no sign-in.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "Every step of a sign-in is found at the same place.")]
public sealed class MfaSignIn
{
    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;
    private readonly ChallengeCookie _challenge;

    internal MfaSignIn(MfaService mfa, IMfaUsers users, MfaSession session, ChallengeCookie challenge) =>
        (_mfa, _users, _session, _challenge) = (mfa, users, session, challenge);

    /// <summary>Goes on after the first factor: call it when the password was right, and sign nobody in yourself.</summary>
    /// <remarks>Whoever was signed in or half signed in before is no more, as soon as this user is either.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="subject">Who has passed the first factor.</param>
    /// <param name="isPersistent">Whether the session is to outlive the browser.</param>
    /// <param name="returnPath">Where the user wanted to go. Anything but a local path is dropped.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What follows; the cookie that belongs to it is in the response.</returns>
    /// <exception cref="InvalidOperationException">The subject has a tenant, and <see cref="MfaSettings.TenantClaim"/> is not set.</exception>
    public async Task<MfaSignInStep> BeginAsync(HttpContext context, MfaSubject subject, bool isPersistent = false, string? returnPath = null, CancellationToken cancellationToken = default)
    {
        _session.CheckHolds(subject);
        if (await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return MfaSignInStep.Refused;
        }

        var requirement = await _mfa.GetSignInRequirementAsync(subject, user.IsMfaRequired, cancellationToken).ConfigureAwait(false);
        switch (requirement)
        {
            case SignInRequirement.NotRequired:
                await _session.SignInAsync(context, subject, user, isPersistent).ConfigureAwait(false);
                await CancelAsync(context).ConfigureAwait(false);
                return MfaSignInStep.SignedIn;

            case SignInRequirement.Required:
                await NoteRequirementAsync(subject, user, cancellationToken).ConfigureAwait(false);
                await HalfSignInAsync(context, subject, isEnrollment: false, isPersistent, returnPath).ConfigureAwait(false);
                return MfaSignInStep.CodeRequired;

            case SignInRequirement.EnrollmentRequired:
                await HalfSignInAsync(context, subject, isEnrollment: true, isPersistent, returnPath).ConfigureAwait(false);
                return MfaSignInStep.EnrollmentRequired;

            default:
                return MfaSignInStep.Refused;
        }
    }

    /// <summary>Reads the challenge of the request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The challenge; null where nobody is half signed in: the first factor comes first.</returns>
    public Task<MfaChallenge?> FindChallengeAsync(HttpContext context) => ChallengeCookie.ReadAsync(context);

    /// <summary>Verifies the code of a user who is half signed in, and signs them in when it is accepted.</summary>
    /// <remarks>
    /// The challenge ends when a code of an app is accepted, and when a factor is suspended. After a recovery it stays until the new codes
    /// are acknowledged, by <see cref="MfaAccount.AcknowledgeRecoveryCodesAsync"/>, or its time is over: it then gives the same answer to the same
    /// code, so that a lost response or a page refresh loses no code, and accepts no other.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="response">What the person typed: a code of an app, or a whole recovery code.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer; null where nobody is half signed in for a code.</returns>
    public async Task<VerificationResult?> VerifyAsync(HttpContext context, string? response, CancellationToken cancellationToken = default)
    {
        // Users are asked first: a code that was consumed and could not sign in would be lost.
        if (await FindChallengeAsync(context).ConfigureAwait(false) is not { IsEnrollment: false } challenge
            || await _users.FindAsync(challenge.Subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var result = await _mfa.VerifyAsync(challenge.Subject, response, challenge.Attempt, cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await _session.SignInAsync(context, challenge.Subject, user, challenge.IsPersistent, result.Method, result.Receipt).ConfigureAwait(false);
        }

        if (result is { Succeeded: true, ReplacementRecoveryCodes: null } or { UserMessage: UserMessage.UseAnotherWay or UserMessage.StartOver })
        {
            await CancelAsync(context).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Ends the challenge.</summary>
    /// <param name="context">The request.</param>
    /// <returns>When the response says so.</returns>
    public Task CancelAsync(HttpContext context) => ChallengeCookie.EndAsync(context);

    /// <summary>Signs out: ends the session, and a challenge that was kept for recovery codes which nobody acknowledged.</summary>
    /// <param name="context">The request.</param>
    /// <returns>When the response says so.</returns>
    public async Task SignOutAsync(HttpContext context)
    {
        await CancelAsync(context).ConfigureAwait(false);
        await _session.EndAsync(context).ConfigureAwait(false);
    }

    // Nobody stays signed in beside who is half signed in: a page would be of the one, and what is bound on it the other's.
    private async Task HalfSignInAsync(HttpContext context, MfaSubject subject, bool isEnrollment, bool isPersistent, string? returnPath)
    {
        if (await _session.FindSubjectAsync(context).ConfigureAwait(false) is not null)
        {
            await _session.EndAsync(context).ConfigureAwait(false);
        }

        await _challenge.WriteAsync(context, subject, _mfa.BeginAttempt(), isEnrollment, isPersistent, returnPath).ConfigureAwait(false);
    }

    // The row missed it where the process died just after an enrolment: then a record that is lost later would be an open door.
    private ValueTask NoteRequirementAsync(MfaSubject subject, MfaUser user, CancellationToken cancellationToken) =>
        user.IsMfaRequired ? ValueTask.CompletedTask : _users.SetMfaRequiredAsync(subject, isRequired: true, cancellationToken);
}
