using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Signs users in after the first factor, or after the code.</summary>
/// <remarks>
/// Create one for each request. Between the two steps the user is half signed in: an encrypted cookie of a separate scheme holds the user
/// and the attempt for <see cref="MfaSignInOptions.ChallengeLifetime"/>. It does not sign the user in.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "An instance member, like the other steps of a sign-in.")]
public sealed class MfaSignIn
{
    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;
    private readonly ChallengeCookie _challenge;
    private readonly KnownDeviceCookie _device;

    internal MfaSignIn(MfaService mfa, IMfaUsers users, MfaSession session, ChallengeCookie challenge, KnownDeviceCookie device) =>
        (_mfa, _users, _session, _challenge, _device) = (mfa, users, session, challenge, device);

    /// <summary>Continues after the first factor. Call it when the password was right, and do not sign the user in yourself.</summary>
    /// <remarks>It first ends any earlier session or challenge in this browser.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="subject">The user who has passed the first factor.</param>
    /// <param name="isPersistent">Whether the session outlives the browser.</param>
    /// <param name="returnPath">The page that the user asked for. Ignored unless it is a local path.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The next step. The response has the cookie for it.</returns>
    /// <exception cref="InvalidOperationException">The subject has a tenant and <see cref="MfaSignInOptions.TenantClaim"/> is not
    /// set.</exception>
    public async Task<MfaSignInStep> BeginAsync(
        HttpContext context,
        MfaSubject subject,
        bool isPersistent = false,
        string? returnPath = null,
        CancellationToken cancellationToken = default)
    {
        _session.CheckHolds(subject);
        await EndEarlierAsync(context).ConfigureAwait(false);
        if (await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return MfaSignInStep.Refused;
        }

        var requirement = await _mfa.GetSignInRequirementAsync(subject, user.Policy, user.IsEnrolled, cancellationToken)
            .ConfigureAwait(false);
        switch (requirement)
        {
            case SignInRequirement.NotRequired:
                await _session.SignInAsync(context, subject, user, isPersistent).ConfigureAwait(false);
                return MfaSignInStep.SignedIn;

            case SignInRequirement.Required:
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
    /// <returns>The challenge, or null if no user is half signed in: ask for the first factor.</returns>
    public Task<MfaChallenge?> FindChallengeAsync(HttpContext context) => ChallengeCookie.ReadAsync(context);

    /// <summary>Verifies the code of a user who is half signed in, and signs them in if it is accepted.</summary>
    /// <remarks>
    /// The challenge ends when a code of an app is accepted. If a factor is locked out, it stays, so that the user can use the other one.
    /// After a recovery it stays until the new codes are acknowledged (<see cref="MfaAccount.AcknowledgeRecoveryCodesAsync"/>) or it
    /// expires. Until then it returns the same answer to the same code and accepts no other code, so that a lost response or a page refresh
    /// does not lose a code.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="response">The text that the user typed: a code of an app, or a whole recovery code.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer, or null if no user is half signed in for a code.</returns>
    public async Task<VerificationResult?> VerifyAsync(HttpContext context, string? response, CancellationToken cancellationToken = default)
    {
        // Find the user first: otherwise a consumed code would be lost if the user cannot sign in.
        if (await FindChallengeAsync(context).ConfigureAwait(false) is not { IsEnrollment: false } challenge
            || await _users.FindAsync(challenge.Subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var known = KnownDeviceCookie.Read(context, challenge.Subject);
        var result = await _mfa.VerifyAsync(
            challenge.Subject, response, challenge.Attempt, known, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            _device.Write(context, challenge.Subject, result.RevealKnownDevice());
            await _session.SignInAsync(context, challenge.Subject, user, challenge.IsPersistent, result.Method, result.Receipt)
                .ConfigureAwait(false);
        }

        if (result is { Succeeded: true, ReplacementRecoveryCodes: null } or { UserMessage: UserMessage.StartOver })
        {
            await CancelAsync(context).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Ends the challenge.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes when the response has the cookie.</returns>
    public Task CancelAsync(HttpContext context) => ChallengeCookie.EndAsync(context);

    /// <summary>Signs out: ends the session, and a challenge that was kept for recovery codes not yet acknowledged.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes when the response has the cookie.</returns>
    public async Task SignOutAsync(HttpContext context)
    {
        await CancelAsync(context).ConfigureAwait(false);
        await _session.EndAsync(context).ConfigureAwait(false);
    }

    // An earlier session or challenge may belong to another user. A page could then show one user and bind the other's authenticator.
    private async Task EndEarlierAsync(HttpContext context)
    {
        if (await FindChallengeAsync(context).ConfigureAwait(false) is not null)
        {
            await CancelAsync(context).ConfigureAwait(false);
        }

        if (await _session.FindAsync(context).ConfigureAwait(false) is not null)
        {
            await _session.EndAsync(context).ConfigureAwait(false);
        }
    }

    private Task HalfSignInAsync(HttpContext context, MfaSubject subject, bool isEnrollment, bool isPersistent, string? returnPath) =>
        _challenge.WriteAsync(context, subject, _mfa.BeginAttempt(), isEnrollment, isPersistent, returnPath);
}
