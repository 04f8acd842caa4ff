using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Signs users in after the first factor, or after the code.</summary>
/// <remarks>
/// The container creates one for each request. Between the two steps the user is half signed in: an encrypted cookie, or a token for a
/// client without cookies, holds the user and the attempt for <see cref="MfaSignInOptions.ChallengeLifetime"/>. It does not sign the user
/// in.
/// </remarks>
public sealed class MfaSignIn
{
    // The response, which deletes the cookies, must not wait longer for a store that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly MfaService _mfa;
    private readonly IMfaUsers _users;
    private readonly MfaSession _session;
    private readonly ChallengeCarrier _challenge;
    private readonly KnownDeviceCarrier _device;
    private readonly RememberedBrowserCookie _remembered;
    private readonly TimeSpan _challengeLifetime;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal MfaSignIn(
        MfaService mfa,
        IMfaUsers users,
        MfaSession session,
        ChallengeCarrier challenge,
        KnownDeviceCarrier device,
        RememberedBrowserCookie remembered,
        IOptions<MfaSignInOptions> options,
        TimeProvider clock,
        ILoggerFactory loggers) =>
        (_mfa, _users, _session, _challenge, _device, _remembered, _clock, _challengeLifetime, _logger) = (
            mfa,
            users,
            session,
            challenge,
            device,
            remembered,
            clock,
            options.Value.ChallengeLifetime,
            loggers.CreateLogger("Callroute.Mfa"));

    /// <summary>Continues after the first factor. Call it when the password was right, and do not sign the user in yourself.</summary>
    /// <remarks>It first ends an earlier session of the sign-in scheme and an earlier challenge in this browser.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="subject">The user who has passed the first factor.</param>
    /// <param name="isPersistent">Whether the session outlives the browser.</param>
    /// <param name="returnPath">The page that the user asked for. Ignored unless it is a local path.</param>
    /// <param name="firstFactor">
    /// How the user passed the first factor, for the claim <c>amr</c>: 1–8 names of RFC 8176, such as <c>pwd</c>. The default is
    /// <c>pwd</c>. The names that the MFA step adds (<c>otp</c>, <c>recovery</c>, <c>remembered</c>, <c>mfa</c>) are not allowed.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The next step. The response has the cookie for it, unless it is <see cref="MfaSignInStep.Refused"/>.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="firstFactor"/> is empty or has a name that is not allowed.</exception>
    /// <exception cref="InvalidOperationException">The subject has a tenant and <see cref="MfaSignInOptions.TenantClaim"/> is not
    /// set.</exception>
    public Task<MfaSignInStep> BeginAsync(
        HttpContext context,
        MfaSubject subject,
        bool isPersistent = false,
        string? returnPath = null,
        IReadOnlyCollection<string>? firstFactor = null,
        CancellationToken cancellationToken = default)
    {
        TokenRequest.UseCookies(context);
        return ContinueAsync(context, subject, isPersistent, returnPath, firstFactor, cancellationToken);
    }

    /// <summary>
    /// Continues after the first factor of a client without cookies, such as a mobile app. Call it when the password was right, and return
    /// its result.
    /// </summary>
    /// <remarks>
    /// The half-signed-in state is a token of <see cref="MfaSignInOptions.ChallengeLifetime"/>, which the client sends to the endpoints of
    /// the MFA step and of the enrolment as <c>Authorization: Bearer</c>. It does not sign the user in. Cookies of the request are ignored.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="subject">The user who has passed the first factor.</param>
    /// <param name="firstFactor">How the user passed the first factor, as in <see cref="BeginAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The response to the client, with the tokens of the session or the token for the MFA step.</returns>
    /// <exception cref="ArgumentException"><paramref name="firstFactor"/> is empty or has a name that is not allowed.</exception>
    /// <exception cref="InvalidOperationException"><see cref="MfaSignInOptions.BearerScheme"/> is not set, or the subject has a tenant and
    /// <see cref="MfaSignInOptions.TenantClaim"/> is not set.</exception>
    public async Task<MfaTokenResult> BeginTokenAsync(
        HttpContext context,
        MfaSubject subject,
        IReadOnlyCollection<string>? firstFactor = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var tokens = TokenRequest.Begin(context);
        var step = await ContinueAsync(context, subject, false, null, firstFactor, cancellationToken)
            .ConfigureAwait(false);
        return new MfaTokenResult(step, tokens.Issued);
    }

    /// <summary>Reads the challenge of the request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The challenge, or null if no user is half signed in: ask for the first factor.</returns>
    public Task<MfaChallenge?> FindChallengeAsync(HttpContext context) => Task.FromResult(_challenge.Read(context));

    /// <summary>Verifies the code of a user who is half signed in, and signs them in if it is accepted.</summary>
    /// <remarks>
    /// The challenge ends when a code of an app is accepted. If a factor is locked out, it stays, so that the user can use the other one.
    /// After a recovery it stays until the new codes are acknowledged (<see cref="MfaAccount.AcknowledgeRecoveryCodesAsync"/>) or it
    /// expires. It then returns the same answer to the same code for up to 10 minutes, and accepts no other code, so that a lost response
    /// or a page refresh does not lose a code. A sign-in elsewhere, a sign-out or a change of the user's MFA ends this earlier.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="response">The text that the user typed: a code of an app, or a whole recovery code.</param>
    /// <param name="rememberBrowser">
    /// Whether the user wants to be asked for no code in this browser for <see cref="MfaOptions.RememberBrowserLifetime"/>. It has no
    /// effect while that is null, and with a recovery code. If it fails, the user is signed in nevertheless, and the failure is logged.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer, or null if no user is half signed in for a code.</returns>
    public async Task<VerificationResult?> VerifyAsync(
        HttpContext context, string? response, bool rememberBrowser = false, CancellationToken cancellationToken = default)
    {
        // Find the user first: otherwise a consumed code would be lost if the user cannot sign in.
        if (_challenge.Read(context) is not { IsEnrollment: false } challenge
            || await _users.FindAsync(challenge.Subject, cancellationToken).ConfigureAwait(false) is not { } user
            || !challenge.IsOf(user))
        {
            return null;
        }

        var known = _device.Read(context, challenge.Subject);
        var result = await _mfa.VerifyAsync(
            challenge.Subject, response, challenge.Attempt, known, isStepUp: false, challenge.BindingVersion, cancellationToken)
            .ConfigureAwait(false);
        if (result.Succeeded)
        {
            _device.Write(context, challenge.Subject, result.RevealKnownDevice());
            if (rememberBrowser && Remembers(context))
            {
                await RememberAsync(context, challenge.Subject, result.Receipt, result.RevealKnownDevice() ?? known).ConfigureAwait(false);
            }

            await _session.SignInAsync(
                context, challenge.Subject, user, challenge.IsPersistent, challenge.FirstFactor, MfaPass.Of(result)).ConfigureAwait(false);
        }

        if (result is { Succeeded: true, ReplacementRecoveryCodes: null } or { UserMessage: UserMessage.StartOver })
        {
            _challenge.End(context);
        }

        return result;
    }

    /// <summary>Ends the challenge in this browser.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A completed task; the response deletes the cookie. A copy of the cookie stays valid until it expires.</returns>
    public Task CancelAsync(HttpContext context)
    {
        _challenge.End(context);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Signs out: ends the session, a challenge that was kept for recovery codes not yet acknowledged, and the time in which these codes
    /// can be shown again. If the store fails, the session ends nevertheless, and the failure is logged.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes when the response has the cookies.</returns>
    public async Task SignOutAsync(HttpContext context)
    {
        var signedIn = await _session.FindAsync(context).ConfigureAwait(false);
        _challenge.End(context);
        await _session.EndAsync(context).ConfigureAwait(false);

        // Only in a session that passed MFA. Otherwise, an attacker with the password could end the time in which the owner sees the codes.
        if (signedIn is { HasPassedMfa: true })
        {
            await EndAnswersAsync(signedIn.Subject).ConfigureAwait(false);
        }
    }

    private async Task<MfaSignInStep> ContinueAsync(
        HttpContext context,
        MfaSubject subject,
        bool isPersistent,
        string? returnPath,
        IReadOnlyCollection<string>? firstFactor,
        CancellationToken cancellationToken)
    {
        var methods = FirstFactor.Check(firstFactor);
        _session.CheckHolds(subject);
        WarnOfPlainHttp(context);
        await EndEarlierAsync(context).ConfigureAwait(false);
        if (await _users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            Log.SignInRefused(_logger, subject.UserId, subject.Tenant, "IMfaUsers.FindAsync returned no such user");
            return MfaSignInStep.Refused;
        }

        var requirement = await _mfa.GetSignInRequirementAsync(subject, user.Policy, user.IsEnrolled, cancellationToken)
            .ConfigureAwait(false);
        switch (requirement)
        {
            case SignInRequirement.NotRequired:
                await _session.SignInAsync(context, subject, user, isPersistent, methods).ConfigureAwait(false);
                return MfaSignInStep.SignedIn;

            case SignInRequirement.Required when await FindRememberedAsync(context, subject, cancellationToken).ConfigureAwait(false)
                is { } verifiedAt:
                await _session.SignInAsync(context, subject, user, isPersistent, methods, MfaPass.Remembered(verifiedAt))
                    .ConfigureAwait(false);
                return MfaSignInStep.SignedIn;

            case SignInRequirement.Required when await FindVersionAsync(subject, cancellationToken).ConfigureAwait(false) is { } version:
                _challenge.Write(context, NewChallenge(subject, user, version, isPersistent, methods), returnPath);
                return MfaSignInStep.CodeRequired;

            case SignInRequirement.EnrollmentRequired:
                _challenge.Write(context, NewChallenge(subject, user, null, isPersistent, methods), returnPath);
                return MfaSignInStep.EnrollmentRequired;

            case SignInRequirement.Unavailable
                when await FindVersionAsync(subject, cancellationToken).ConfigureAwait(false) is not null:
                Log.SignInRefused(
                    _logger, subject.UserId, subject.Tenant, "the record is lost, or the time to enrol after a reset is over");
                return MfaSignInStep.Refused;

            default:
                return MfaSignInStep.Refused;
        }
    }

    // A proxy that ends HTTPS, or the address of a developer's machine on a phone: the next step would find no cookie, and say nothing.
    private void WarnOfPlainHttp(HttpContext context)
    {
        if (TokenRequest.Of(context) is null && !context.Request.IsHttps && !IsThisMachine(context.Request.Host.Host))
        {
            Log.PlainHttp(_logger);
        }
    }

    private static bool IsThisMachine(string host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    // A client without cookies is no browser.
    private bool Remembers(HttpContext context) => _remembered.IsOn && TokenRequest.Of(context) is null;

    /// <returns>When a code was verified in this browser; null to ask for one.</returns>
    private async Task<DateTimeOffset?> FindRememberedAsync(HttpContext context, MfaSubject subject, CancellationToken cancellationToken) =>
        Remembers(context) && _remembered.Read(context, subject) is { } token
            ? await _mfa.VerifyRememberedBrowserAsync(subject, token, cancellationToken).ConfigureAwait(false)
            : null;

    // The code is consumed, so nothing here may keep the user from being signed in.
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is logged, and the next sign-in asks for a code.")]
    private async Task RememberAsync(HttpContext context, MfaSubject subject, MfaReceipt receipt, string? knownDevice)
    {
        try
        {
            _remembered.Write(
                context, subject, await _mfa.RememberBrowserAsync(subject, receipt, knownDevice).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            Log.RememberFailed(_logger, subject.UserId, subject.Tenant, exception.GetType().FullName);
        }
    }

    /// <returns>The version of the user's authenticators and recovery codes; null if the store fails.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is logged, and the sign-in is refused.")]
    private async Task<Guid?> FindVersionAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            return (await _mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false)).BindingVersion;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SignInRefused(_logger, subject.UserId, subject.Tenant, exception.GetType().FullName);
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is logged, and the user is signed out.")]
    private async Task EndAnswersAsync(MfaSubject subject)
    {
        try
        {
            await _mfa.EndRepeatableAnswersAsync(subject).AsTask().WaitAsync(Patience, _clock).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.ForgetFailed(_logger, subject.UserId, subject.Tenant, exception.GetType().FullName);
        }
    }

    // An earlier session or challenge may belong to another user. A page could then show one user and bind the other's authenticator.
    private async Task EndEarlierAsync(HttpContext context)
    {
        if (_challenge.Read(context) is not null)
        {
            _challenge.End(context);
        }

        await _session.EndEarlierAsync(context).ConfigureAwait(false);
    }

    /// <summary>Begins a challenge for a code; for enrolment if there is no version of authenticators and recovery codes.</summary>
    private MfaChallenge NewChallenge(
        MfaSubject subject, MfaUser user, Guid? bindingVersion, bool isPersistent, IReadOnlyCollection<string> firstFactor)
    {
        var now = _clock.GetUtcNow();
        return new()
        {
            Subject = subject,
            Attempt = _mfa.BeginAttempt(),
            BindingVersion = bindingVersion ?? Guid.Empty,
            StampHash = MfaChallenge.HashOf(user.SecurityStamp),
            IsEnrollment = bindingVersion is null,
            IsPersistent = isPersistent,
            IssuedAt = now,
            ExpiresAt = now + _challengeLifetime,
            FirstFactor = firstFactor,
        };
    }
}
