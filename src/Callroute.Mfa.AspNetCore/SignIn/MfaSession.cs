using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the session: the sign-in scheme's ticket, with the claims and the receipt of MFA.</summary>
internal sealed class MfaSession(
    IOptions<MfaOptions> mfaOptions,
    IOptions<MfaSignInOptions> signInOptions,
    TimeProvider clock,
    SessionKey key)
{
    private static readonly long LatestTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    // The authentication type of the identity if the application's default scheme signs in.
    private const string DefaultType = "Callroute.Mfa";

    private readonly TimeSpan _stepUpAge = mfaOptions.Value.StepUpAge;
    private readonly MfaSignInOptions _options = signInOptions.Value;
    private int _hasWarned;

    /// <exception cref="InvalidOperationException">The session has no claim for the subject's tenant, so it would belong to another
    /// subject.</exception>
    public void CheckHolds(MfaSubject subject)
    {
        if (subject.Tenant is not null && _options.TenantClaim is null)
        {
            throw new InvalidOperationException(
                $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.TenantClaim)} is not set, so the session could not hold the user's "
                + "tenant. Set it to the type of the claim for the tenant.");
        }
    }

    /// <summary>Signs in a user who has passed the first factor, and MFA if a pass is given.</summary>
    public Task SignInAsync(
        HttpContext context,
        MfaSubject subject,
        MfaUser user,
        bool isPersistent,
        IReadOnlyCollection<string> firstFactor,
        MfaPass? pass = null) =>
        WriteAsync(
            context,
            IdentityOf(subject, user, SecondsAt(pass is { IsRemembered: true } ? null : pass?.At), firstFactor),
            new AuthenticationProperties { IsPersistent = isPersistent },
            pass);

    /// <summary>
    /// Records in the session that its user has passed MFA. If no pass is given, it records that the user no longer has MFA.
    /// </summary>
    /// <remarks>Writes the user's own claims again, and drops the claims that a claims transformation added to this request.</remarks>
    public async Task RenewAsync(HttpContext context, MfaUser user, MfaPass? pass, bool keepsKey = false)
    {
        var ticket = await context.AuthenticateAsync(SchemeOf(context)).ConfigureAwait(false);
        if (await FindAsync(context).ConfigureAwait(false) is { } signedIn)
        {
            var principal = ticket.Principal!;
            var firstFactor = FirstFactor.Of(principal.FindAll(MfaClaims.Methods).Select(claim => claim.Value));
            var identity = IdentityOf(signedIn.Subject, user, principal.FindFirstValue(MfaClaims.SignInTime), firstFactor);
            await WriteAsync(context, identity, ticket.Properties!, pass, keepsKey).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the session as it is, under a new key if it has one. Tokens have none.</summary>
    public async Task RenewKeyAsync(HttpContext context, MfaUser user)
    {
        if (TokenRequest.Of(context) is not null)
        {
            return;
        }

        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        var claims = user.Claims.Where(claim => !_options.IsReserved(claim)).Concat(ticket.Principal!.Claims.Where(_options.IsReserved));
        await key.SignInAsync(context, _options.Scheme, new ClaimsPrincipal(NewIdentity([.. claims])), ticket.Properties!)
            .ConfigureAwait(false);
    }

    /// <summary>Ends the session.</summary>
    public Task EndAsync(HttpContext context) => key.EndAsync(context, SchemeOf(context));

    /// <summary>Ends the session of the request if there is one, even if it names no user.</summary>
    public async Task EndEarlierAsync(HttpContext context)
    {
        if ((await context.AuthenticateAsync(SchemeOf(context)).ConfigureAwait(false)).Succeeded)
        {
            await EndAsync(context).ConfigureAwait(false);
        }
    }

    /// <returns>The signed-in user; null if there is no session, or if it names no user.</returns>
    public async Task<SignedInUser?> FindAsync(HttpContext context)
    {
        if (await context.AuthenticateAsync(SchemeOf(context)).ConfigureAwait(false) is not { Succeeded: true, Principal: var principal })
        {
            return null;
        }

        var (found, signedInAt) = (ClaimedSubject.Find(principal, _options), SignInTimeOf(principal));
        if (found is null || signedInAt is null)
        {
            WarnOfForeignSession(context);
        }

        return found is { } subject
            ? new SignedInUser(subject, principal.HasClaim(MfaClaims.Methods, MfaClaims.Mfa), signedInAt)
            : null;
    }

    /// <returns>The receipt of the session's last verification, or null.</returns>
    public async Task<MfaReceipt?> FindReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(SchemeOf(context)).ConfigureAwait(false);
        return SessionReceipt.Find(ticket.Properties);
    }

    /// <returns>Whether the session has a receipt that is recent enough to prove a change.</returns>
    public async Task<bool> HasYoungReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(SchemeOf(context)).ConfigureAwait(false);
        return SessionReceipt.IsYoung(ticket.Properties, clock.GetUtcNow(), _stepUpAge);
    }

    // The application has signed the user in itself. Once is enough: any number of old sessions may come.
    private void WarnOfForeignSession(HttpContext context)
    {
        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            Log.ForeignSession(Log.Of(context));
        }
    }

    // Drop claims from the application that would assert MFA or change the user's identity.
    private ClaimsIdentity IdentityOf(MfaSubject subject, MfaUser user, string? signedInAt, IEnumerable<string> firstFactor)
    {
        var identity = NewIdentity([.. user.Claims.Where(claim => !_options.IsReserved(claim))]);
        identity.AddClaim(new Claim(_options.UserIdClaim, subject.UserId));
        if (_options.TenantClaim is { } tenantClaim && subject.Tenant is { } tenant)
        {
            identity.AddClaim(new Claim(tenantClaim, tenant));
        }

        if (signedInAt is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.SignInTime, signedInAt, ClaimValueTypes.Integer64));
        }

        identity.AddClaims(firstFactor.Select(method => new Claim(MfaClaims.Methods, method)));
        return identity;
    }

    // The application may have types of its own for the name and the roles. Its claims know their identity, which knows the types.
    private ClaimsIdentity NewIdentity(Claim[] claims)
    {
        var own = claims.FirstOrDefault(claim => claim.Subject is not null)?.Subject;
        return new ClaimsIdentity(claims, _options.Scheme ?? DefaultType, own?.NameClaimType, own?.RoleClaimType);
    }

    private Task WriteAsync(
        HttpContext context, ClaimsIdentity identity, AuthenticationProperties properties, MfaPass? pass, bool keepsKey = false)
    {
        if (pass is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.Methods, pass.Name));
            identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Mfa));
            identity.AddClaim(new Claim(MfaClaims.MfaTime, SecondsAt(pass.At), ClaimValueTypes.Integer64));
        }

        SessionReceipt.Write(properties, pass?.Receipt, pass?.At ?? clock.GetUtcNow());
        return SignInAsync(context, new ClaimsPrincipal(identity), properties, keepsKey);
    }

    private async Task SignInAsync(
        HttpContext context, ClaimsPrincipal principal, AuthenticationProperties properties, bool keepsKey)
    {
        if (TokenRequest.Of(context) is { } tokens)
        {
            tokens.Session = await BearerSession.SignInAsync(context, _options.BearerScheme!, principal, properties).ConfigureAwait(false);
        }
        else
        {
            await key.SignInAsync(context, _options.Scheme, principal, properties, keepsKey).ConfigureAwait(false);
        }
    }

    private string? SchemeOf(HttpContext context) => TokenRequest.Of(context) is null ? _options.Scheme : _options.BearerScheme;

    private static DateTimeOffset? SignInTimeOf(ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(MfaClaims.SignInTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= LatestTime
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private string SecondsAt(DateTimeOffset? time) =>
        (time ?? clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
