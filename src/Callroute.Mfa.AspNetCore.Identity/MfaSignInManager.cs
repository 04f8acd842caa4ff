using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>
/// Signs Identity's users in. Codes and recovery codes are verified by <see cref="MfaService"/>, and nobody who is enrolled, or was, gets a
/// session by the password alone.
/// </summary>
/// <remarks>
/// <para>Derive your own manager from it; the constructor is that of <see cref="SignInManager{TUser}"/>.</para>
/// <para>
/// Identity's pages let external logins and passkeys pass without a code, and so does this class. Such a session does not have the method
/// <c>mfa</c> in its claim <c>amr</c>: an external login has none of its own, and a passkey has <c>pop</c>. A user who must have MFA is
/// then asked for a code at the first page that requires authorization. A browser that Identity remembers gets a session with <c>pwd</c>.
/// </para>
/// </remarks>
/// <typeparam name="TUser">The type of the users.</typeparam>
public class MfaSignInManager<TUser> : SignInManager<TUser>
    where TUser : class
{
    // RFC 8176: proof of possession of a key. Identity itself says "pwd".
    private const string Passkey = "pop";

    private readonly TimeProvider _clock;

    // The facts of the next session. They are set for one call of the base class.
    private SessionFacts? _facts;
    private MfaReceipt? _receipt;

    // A session that Identity has just validated, to make it anew.
    private ClaimsPrincipal? _validated;

    private bool _asksForCode;

    /// <summary>Creates a manager.</summary>
    /// <param name="userManager">The users: a <see cref="MfaUserManager{TUser}"/>.</param>
    /// <param name="contextAccessor">Finds the request.</param>
    /// <param name="claimsFactory">Creates the principals.</param>
    /// <param name="optionsAccessor">Identity's settings.</param>
    /// <param name="logger">The log.</param>
    /// <param name="schemes">The authentication schemes.</param>
    /// <param name="confirmation">Says which accounts are confirmed.</param>
    public MfaSignInManager(
        UserManager<TUser> userManager,
        IHttpContextAccessor contextAccessor,
        IUserClaimsPrincipalFactory<TUser> claimsFactory,
        IOptions<IdentityOptions> optionsAccessor,
        ILogger<SignInManager<TUser>> logger,
        IAuthenticationSchemeProvider schemes,
        IUserConfirmation<TUser> confirmation)
        : base(userManager, contextAccessor, claimsFactory, optionsAccessor, logger, schemes, confirmation) =>
        _clock = userManager.ServiceProvider.GetRequiredService<TimeProvider>();

    private DateTimeOffset Now => _clock.GetUtcNow();

    private IdentityMfa<TUser> Mfa => UserManager.ServiceProvider.GetRequiredService<IdentityMfa<TUser>>();

    /// <inheritdoc/>
    /// <remarks>The column alone decides: without a token provider Identity would ask for no code.</remarks>
    public override async Task<bool> IsTwoFactorEnabledAsync(TUser user) =>
        _asksForCode || await UserManager.GetTwoFactorEnabledAsync(user).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async Task<bool> IsTwoFactorClientRememberedAsync(TUser user)
    {
        // The base class asks again after it was decided that a code is needed.
        if (_asksForCode || !await base.IsTwoFactorClientRememberedAsync(user).ConfigureAwait(false))
        {
            return false;
        }

        // Identity compares the stamp every 30 minutes only. A reset must end this at once.
        var remembered = await Context.AuthenticateAsync(IdentityConstants.TwoFactorRememberMeScheme).ConfigureAwait(false);
        return await ValidateSecurityStampAsync(
            user, remembered.Principal?.FindFirstValue(Options.ClaimsIdentity.SecurityStampClaimType)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<TUser?> ValidateSecurityStampAsync(ClaimsPrincipal? principal)
    {
        var user = await base.ValidateSecurityStampAsync(principal).ConfigureAwait(false);
        _validated = user is null ? null : principal;
        return user;
    }

    /// <inheritdoc/>
    /// <remarks>Drops claims that would assert MFA, and keeps those of a session that is made anew.</remarks>
    public override async Task<ClaimsPrincipal> CreateUserPrincipalAsync(TUser user)
    {
        var principal = await base.CreateUserPrincipalAsync(user).ConfigureAwait(false);
        foreach (var claim in principal.Claims.Where(SessionFacts.IsReserved).ToArray())
        {
            claim.Subject?.RemoveClaim(claim);
        }

        if (_validated is { } validated && UserManager.GetUserId(validated) == UserManager.GetUserId(principal))
        {
            principal.Identities.First().AddClaims(SessionFacts.Of(validated).ToClaims());
        }

        return principal;
    }

    /// <inheritdoc/>
    public override async Task SignInWithClaimsAsync(
        TUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        ArgumentNullException.ThrowIfNull(additionalClaims);
        var properties = authenticationProperties ?? new AuthenticationProperties();
        var given = additionalClaims.ToArray();
        var facts = _facts ?? Given(given);
        if (_facts is null || _receipt is not null)
        {
            SessionReceipt.Write(properties, _receipt, Now);
        }

        (_facts, _receipt, _validated) = (null, null, null);
        Claim[] claims = [.. given.Where(claim => !SessionFacts.IsReserved(claim)), .. facts.WithId().ToClaims()];
        await base.SignInWithClaimsAsync(user, properties, claims).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task RefreshSignInAsync(TUser user)
    {
        var current = await Context.AuthenticateAsync(AuthenticationScheme).ConfigureAwait(false);
        _facts = current.Principal is { } principal ? SessionFacts.Of(principal) : null;
        await base.RefreshSignInAsync(user).ConfigureAwait(false);
        _facts = null;
    }

    /// <inheritdoc/>
    public override Task<SignInResult> TwoFactorAuthenticatorSignInAsync(string code, bool isPersistent, bool rememberClient) =>
        PassAsync(code, () => base.TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient));

    /// <inheritdoc/>
    public override Task<SignInResult> TwoFactorRecoveryCodeSignInAsync(string recoveryCode) =>
        PassAsync(recoveryCode, () => base.TwoFactorRecoveryCodeSignInAsync(recoveryCode));

    /// <inheritdoc/>
    public override Task<SignInResult> TwoFactorSignInAsync(string provider, string code, bool isPersistent, bool rememberClient) =>
        provider == Options.Tokens.AuthenticatorTokenProvider
            ? TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient)
            : base.TwoFactorSignInAsync(provider, code, isPersistent, rememberClient);

    /// <inheritdoc/>
    protected override async Task<SignInResult> SignInOrTwoFactorAsync(
        TUser user, bool isPersistent, string? loginProvider = null, bool bypassTwoFactor = false)
    {
        string[] external = [];
        if (bypassTwoFactor)
        {
            return await StartAsync(loginProvider is null ? [Passkey] : external, mustEnroll: false).ConfigureAwait(false);
        }

        string[] first = loginProvider is null ? [MfaClaims.Password] : external;
        switch (await Mfa.RequirementOfAsync(user).ConfigureAwait(false))
        {
            case SignInRequirement.NotRequired:
                return await StartAsync(first, mustEnroll: false).ConfigureAwait(false);
            case SignInRequirement.EnrollmentRequired:
                return await StartAsync(first, mustEnroll: true).ConfigureAwait(false);
            case SignInRequirement.Required:
            case SignInRequirement.Unavailable when await Mfa.IsWaitingToMoveAsync(user).ConfigureAwait(false):
                return await IsTwoFactorClientRememberedAsync(user).ConfigureAwait(false)
                    ? await StartAsync(first, mustEnroll: false).ConfigureAwait(false)
                    : await AskAsync().ConfigureAwait(false);
            default:
                return Refuse(new CodeAnswer("MfaUnavailable", IsWait: true));
        }

        Task<SignInResult> StartAsync(string[] methods, bool mustEnroll)
        {
            _facts = SessionFacts.New(methods, Now, mustEnroll);
            return base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider, bypassTwoFactor: true);
        }

        async Task<SignInResult> AskAsync()
        {
            (await NewStepAsync(user, first.FirstOrDefault(), null).ConfigureAwait(false)).Begin(Context);
            _asksForCode = true;
            var result = await base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider, bypassTwoFactor: false).ConfigureAwait(false);
            _asksForCode = false;
            return result;
        }
    }

    /// <summary>Asks a signed-in user for a code on the page of the second factor.</summary>
    internal async Task BeginStepUpAsync(TUser user, CurrentSession session)
    {
        var facts = session.Facts.WithId();
        if (session.Facts.Id is null)
        {
            // A session from before this package. The step must name it, or it would be a sign-in without the first factor.
            await RenewAsync(user, _ => facts).ConfigureAwait(false);
        }

        (await NewStepAsync(user, null, facts.Id).ConfigureAwait(false)).Begin(Context);
        var identity = new ClaimsIdentity(IdentityConstants.TwoFactorUserIdScheme);
        identity.AddClaim(new Claim(ClaimTypes.Name, await UserManager.GetUserIdAsync(user).ConfigureAwait(false)));
        await Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(identity)).ConfigureAwait(false);
    }

    /// <summary>Writes the session of this request again, with the user's row as it is now. A token cannot be written again.</summary>
    internal async Task RenewAsync(
        TUser user, Func<SessionFacts, SessionFacts> change, MfaReceipt? receipt = null, bool dropsReceipt = false)
    {
        var current = await Context.AuthenticateAsync(AuthenticationScheme).ConfigureAwait(false);
        if (Context.Response.HasStarted || current is not { Principal: { } principal, Properties: { } properties }
            || UserManager.GetUserId(principal) != await UserManager.GetUserIdAsync(user).ConfigureAwait(false))
        {
            return;
        }

        _facts = change(SessionFacts.Of(principal));
        _receipt = receipt;
        if (dropsReceipt || _facts.SecondFactor is null)
        {
            SessionReceipt.Write(properties, null, Now);
        }

        await SignInWithClaimsAsync(user, properties, principal.FindAll(ClaimTypes.AuthenticationMethod)).ConfigureAwait(false);
    }

    private RefusedSignIn Refuse(CodeAnswer answer)
    {
        answer.WriteRetryAfter(Context);
        Context.Features.Set(answer);
        return new(answer);
    }

    // A session that the application starts itself, or with another provider of codes.
    private SessionFacts Given(Claim[] claims)
    {
        var facts = SessionFacts.Of(new ClaimsPrincipal(new ClaimsIdentity(claims)));
        var now = Now.ToUnixTimeSeconds();
        return facts with { SignedInAt = now, PassedAt = facts.SecondFactor is null ? null : now };
    }

    private async Task<SecondFactorStep> NewStepAsync(TUser user, string? firstFactor, string? sessionId) => new(
        Mfa.Service.BeginAttempt(),
        await Mfa.BindingVersionOfAsync(user).ConfigureAwait(false),
        SecondFactorStep.HashOf(await UserManager.GetSecurityStampAsync(user).ConfigureAwait(false)),
        firstFactor,
        sessionId);

    // Verify first and let Identity finish: it can only finish a sign-in itself, and would count every refusal as a failed password.
    private async Task<SignInResult> PassAsync(string code, Func<Task<SignInResult>> finish)
    {
        if (await GetTwoFactorAuthenticationUserAsync().ConfigureAwait(false) is not { } user
            || await SecondFactorStep.FindAsync(Context).ConfigureAwait(false) is not { } step
            || step.StampHash != SecondFactorStep.HashOf(await UserManager.GetSecurityStampAsync(user).ConfigureAwait(false))
            || await BeginOf(user, step).ConfigureAwait(false) is not { } begun)
        {
            return SignInResult.Failed;
        }

        if (await PreSignInCheck(user).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        var result = await Mfa.VerifyAsync(user, code, step.Attempt, step.SessionId is not null, step.BindingVersion).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return Refuse(CodeAnswer.Of(result));
        }

        _facts = begun.Passed(result.Method.Value, result.VerifiedAt!.Value);
        _receipt = result.Receipt;
        var subject = await Mfa.SubjectOfAsync(user).ConfigureAwait(false);
        Mfa.KeepDevice(subject, result.RevealKnownDevice());
        Mfa.SetVerified(subject, code);
        return await finish().ConfigureAwait(false);
    }

    /// <returns>What the new session says of the first factor; null if a step-up does not belong to the session of this request.</returns>
    private async Task<SessionFacts?> BeginOf(TUser user, SecondFactorStep step)
    {
        if (step.SessionId is null)
        {
            return SessionFacts.New(step.FirstFactor is null ? [] : [step.FirstFactor], Now);
        }

        var session = await Mfa.SessionOf(await Mfa.SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false);
        return session?.Facts.Id == step.SessionId ? session.Facts : null;
    }
}
