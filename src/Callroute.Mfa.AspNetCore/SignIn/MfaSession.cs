using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the signed-in session: the sign-in scheme's ticket, with the claims and the receipt of MFA.</summary>
internal sealed class MfaSession(
    MfaService mfa,
    IOptions<MfaOptions> mfaOptions,
    IOptions<MfaSignInOptions> signInOptions,
    TimeProvider clock,
    IAuthenticationSchemeProvider schemes)
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";
    private const string Attempt = "callroute.mfa.attempt";

    // The authentication type of the identity where the application's default scheme signs in.
    private const string DefaultType = "Callroute.Mfa";

    private readonly TimeSpan _stepUpAge = mfaOptions.Value.StepUpAge;
    private readonly MfaSignInOptions _options = signInOptions.Value;

    /// <exception cref="InvalidOperationException">The session has no claim for the subject's tenant, so it would be another subject's.</exception>
    public void CheckHolds(MfaSubject subject)
    {
        if (subject.Tenant is not null && _options.TenantClaim is null)
        {
            throw new InvalidOperationException($"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.TenantClaim)} is not set, so the session could not hold the user's tenant. Set it to the type of the claim for the tenant.");
        }
    }

    /// <summary>Signs a user in who has passed the first factor, and MFA where a method is given.</summary>
    public Task SignInAsync(HttpContext context, MfaSubject subject, MfaUser user, bool isPersistent, MfaMethod? method = null, MfaReceipt? receipt = null) =>
        WriteAsync(context, IdentityOf(subject, user, Now()), new AuthenticationProperties { IsPersistent = isPersistent }, method, receipt);

    /// <summary>Notes in the session that its user has passed MFA now; or, without a method, that they have none any more.</summary>
    /// <remarks>The claims are the user's own again: those that a claims transformation adds to one request are not to stay for good.</remarks>
    public async Task RenewAsync(HttpContext context, MfaUser user, MfaMethod? method, MfaReceipt? receipt)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        if (await FindSubjectAsync(context).ConfigureAwait(false) is { } subject)
        {
            var identity = IdentityOf(subject, user, ticket.Principal!.FindFirstValue(MfaClaims.SignInTime));
            await WriteAsync(context, identity, ticket.Properties!, method, receipt).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync(HttpContext context) =>
        await context.SignOutAsync(_options.Scheme ?? (await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false))?.Name).ConfigureAwait(false);

    /// <returns>Who is signed in; null where nobody is.</returns>
    public async Task<MfaSubject?> FindSubjectAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        var userId = ticket.Principal?.FindFirstValue(_options.UserIdClaim);
        return ticket.Succeeded && !string.IsNullOrEmpty(userId)
            ? new MfaSubject(userId, _options.TenantClaim is null ? null : ticket.Principal!.FindFirstValue(_options.TenantClaim))
            : null;
    }

    /// <returns>The receipt of the session's last verification, or null.</returns>
    public async Task<MfaReceipt?> FindReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        return MfaReceipt.TryParse(ticket.Properties?.Items.GetOrNull(Receipt), out var receipt) ? receipt : null;
    }

    /// <returns>The attempt that codes of this session belong to, until one is accepted.</returns>
    public async Task<AttemptId> FindAttemptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        return AttemptId.TryParse(ticket.Properties?.Items.GetOrNull(Attempt), out var attempt) ? attempt : mfa.BeginAttempt();
    }

    /// <returns>Whether the session's receipt is there and young enough to prove a change.</returns>
    public async Task<bool> HasYoungReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        return long.TryParse(ticket.Properties?.Items.GetOrNull(ReceiptTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && (clock.GetUtcNow().ToUnixTimeSeconds() - seconds) < _stepUpAge.TotalSeconds;
    }

    // What the application says of a user must not say that they passed MFA, or that they are another.
    private ClaimsIdentity IdentityOf(MfaSubject subject, MfaUser user, string? signedInAt)
    {
        var identity = new ClaimsIdentity(user.Claims.Where(claim => !IsReserved(claim)), _options.Scheme ?? DefaultType);
        identity.AddClaim(new Claim(_options.UserIdClaim, subject.UserId));
        if (_options.TenantClaim is { } tenantClaim && subject.Tenant is { } tenant)
        {
            identity.AddClaim(new Claim(tenantClaim, tenant));
        }

        if (signedInAt is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.SignInTime, signedInAt, ClaimValueTypes.Integer64));
        }

        identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Password));
        return identity;
    }

    // In any letter case, as whoever asks for a claim compares: "AMR" answers for "amr".
    private bool IsReserved(Claim claim) =>
        MfaClaims.Types.Append(_options.UserIdClaim).Append(_options.TenantClaim).Contains(claim.Type, StringComparer.OrdinalIgnoreCase);

    private Task WriteAsync(HttpContext context, ClaimsIdentity identity, AuthenticationProperties properties, MfaMethod? method, MfaReceipt? receipt)
    {
        if (method is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.Methods, method == MfaMethod.Totp ? MfaClaims.Otp : MfaClaims.Recovery));
            identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Mfa));
            identity.AddClaim(new Claim(MfaClaims.MfaTime, Now(), ClaimValueTypes.Integer64));
        }

        properties.Items[Attempt] = mfa.BeginAttempt().ToString();
        Keep(properties, receipt?.Reveal());
        return context.SignInAsync(_options.Scheme, new ClaimsPrincipal(identity), properties);
    }

    // The time is that of the receipt: enrolling renews a session and mints none.
    private void Keep(AuthenticationProperties properties, string? receipt)
    {
        if (receipt is null)
        {
            properties.Items.Remove(Receipt);
            properties.Items.Remove(ReceiptTime);
        }
        else if (receipt != properties.Items.GetOrNull(Receipt))
        {
            properties.Items[Receipt] = receipt;
            properties.Items[ReceiptTime] = Now();
        }
    }

    private string Now() => clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
