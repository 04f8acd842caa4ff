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
        var given = additionalClaims.ToLookup(SessionFacts.IsReserved);

        // Without facts, the application starts a session itself, or with another provider of codes.
        var facts = _facts
            ?? SessionFacts.New([.. given[true].Where(claim => claim.Type == MfaClaims.Methods).Select(claim => claim.Value)], Now);
        (_facts, _validated) = (null, null);
        facts.WriteTo(properties, Now);
        await base.SignInWithClaimsAsync(user, properties, [.. given[false], .. facts.WithId().ToClaims()]).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task RefreshSignInAsync(TUser user)
    {
        var current = await Context.AuthenticateAsync(AuthenticationScheme).ConfigureAwait(false);
        _facts = current.Principal is { } principal ? SessionFacts.Of(principal, current.Properties) : null;
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
        string[] methods = loginProvider is not null ? [] : [bypassTwoFactor ? Passkey : MfaClaims.Password];
        var requirement = bypassTwoFactor
            ? SignInRequirement.NotRequired
            : await Mfa.RequirementOfSignInAsync(user).ConfigureAwait(false);
        switch (requirement)
        {
            case SignInRequirement.NotRequired or SignInRequirement.EnrollmentRequired:
            case SignInRequirement.Required when await IsTwoFactorClientRememberedAsync(user).ConfigureAwait(false):
                _facts = SessionFacts.New(methods, Now) with { MustEnroll = requirement == SignInRequirement.EnrollmentRequired };
                return await base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider, bypassTwoFactor: true).ConfigureAwait(false);
            case SignInRequirement.Required:
                return await AskAsync(user, methods, sessionId: null, isPersistent, loginProvider).ConfigureAwait(false);
            default:
                return Refuse(new CodeAnswer("MfaUnavailable", isWait: true));
        }
    }

    /// <summary>Asks a signed-in user for a code on the page of the second factor.</summary>
    internal async Task BeginStepUpAsync(TUser user, CurrentSession session)
    {
        var id = session.Facts.WithId().Id;
        if (session.Facts.Id is null)
        {
            // A session from before this package. The step must name it, or it would be a sign-in without the first factor.
            await RenewAsync(user, facts => facts with { Id = id }).ConfigureAwait(false);
        }

        await AskAsync(user, [], id).ConfigureAwait(false);
    }

    /// <summary>Writes the session of this request again, with the user's row as it is now. A token cannot be written again.</summary>
    /// <param name="user">The user.</param>
    /// <param name="change">What the session says then.</param>
    /// <param name="isProved">
    /// Whether the user has just proved more than the session. Otherwise a session that a change of the password has ended stays so.
    /// </param>
    internal async Task RenewAsync(TUser user, Func<SessionFacts, SessionFacts> change, bool isProved = false)
    {
        var current = await Context.AuthenticateAsync(AuthenticationScheme).ConfigureAwait(false);
        if (Context.Response.HasStarted || current is not { Principal: { } principal, Properties: { } properties }
            || UserManager.GetUserId(principal) != await UserManager.GetUserIdAsync(user).ConfigureAwait(false)
            || (!isProved && await ValidateSecurityStampAsync(principal).ConfigureAwait(false) is null))
        {
            return;
        }

        _facts = change(SessionFacts.Of(principal, properties));
        await SignInWithClaimsAsync(user, properties, principal.FindAll(ClaimTypes.AuthenticationMethod)).ConfigureAwait(false);
    }

    private CodeAnswer Refuse(CodeAnswer answer)
    {
        answer.WriteRetryAfter(Context);
        Context.Features.Set(answer);
        return answer;
    }

    /// <summary>Keeps the step, and lets Identity keep the user.</summary>
    private async Task<SignInResult> AskAsync(
        TUser user, string[] firstFactor, string? sessionId, bool isPersistent = false, string? loginProvider = null)
    {
        var status = await Mfa.StatusOfAsync(user).ConfigureAwait(false);
        var step = new SecondFactorStep(
            Mfa.Service.BeginAttempt().ToString(),
            status.IsEnabled ? status.BindingVersion : null,
            SecondFactorStep.HashOf(await UserManager.GetSecurityStampAsync(user).ConfigureAwait(false)),
            firstFactor,
            sessionId);
        step.Begin(Context);
        _asksForCode = true;
        var asked = await base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider).ConfigureAwait(false);
        _asksForCode = false;
        return asked;
    }

    // Verify first and let Identity finish: it can only finish a sign-in itself, and would count every refusal as a failed password.
    private async Task<SignInResult> PassAsync(string code, Func<Task<SignInResult>> finish)
    {
        if (await GetTwoFactorAuthenticationUserAsync().ConfigureAwait(false) is not { } user
            || await SecondFactorStep.FindAsync(Context).ConfigureAwait(false) is not { } step
            || !AttemptId.TryParse(step.Attempt, out var attempt)
            || step.StampHash != SecondFactorStep.HashOf(await UserManager.GetSecurityStampAsync(user).ConfigureAwait(false))
            || await BeginOf(user, step).ConfigureAwait(false) is not { } begun)
        {
            return SignInResult.Failed;
        }

        if (await PreSignInCheck(user).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        var result = await Mfa.VerifyAsync(user, code, attempt, step.SessionId is not null, step.BindingVersion).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return Refuse(CodeAnswer.Of(result));
        }

        _facts = begun.Passed(MfaPass.Of(result));
        var subject = await UserManager.SubjectOfAsync(user).ConfigureAwait(false);
        Mfa.KeepDevice(subject, result.RevealKnownDevice());
        Mfa.SetVerified(subject, code);
        return await finish().ConfigureAwait(false);
    }

    /// <returns>What the new session says of the first factor; null if a step-up does not belong to the session of this request.</returns>
    private async Task<SessionFacts?> BeginOf(TUser user, SecondFactorStep step)
    {
        if (step.SessionId is null)
        {
            return SessionFacts.New(step.FirstFactor, Now);
        }

        var session = await Mfa.SessionOfAsync(user).ConfigureAwait(false);
        return session?.Facts.Id == step.SessionId ? session.Facts : null;
    }
}
