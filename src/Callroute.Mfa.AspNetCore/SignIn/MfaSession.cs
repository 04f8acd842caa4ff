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
    IAuthenticationSchemeProvider schemes)
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";

    private static readonly long LatestTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    // The authentication type of the identity if the application's default scheme signs in.
    private const string DefaultType = "Callroute.Mfa";

    private readonly TimeSpan _stepUpAge = mfaOptions.Value.StepUpAge;
    private readonly MfaSignInOptions _options = signInOptions.Value;

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

    /// <summary>Signs in a user who has passed the first factor, and MFA if a method is given.</summary>
    public Task SignInAsync(
        HttpContext context, MfaSubject subject, MfaUser user, bool isPersistent, MfaMethod? method = null, MfaReceipt? receipt = null) =>
        WriteAsync(
            context, IdentityOf(subject, user, Now()), new AuthenticationProperties { IsPersistent = isPersistent }, method, receipt);

    /// <summary>
    /// Records in the session that its user has passed MFA now. If no method is given, it records that the user no longer has MFA.
    /// </summary>
    /// <remarks>Writes the user's own claims again, and drops the claims that a claims transformation added to this request.</remarks>
    public async Task RenewAsync(HttpContext context, MfaUser user, MfaMethod? method, MfaReceipt? receipt)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        if (await FindAsync(context).ConfigureAwait(false) is { } signedIn)
        {
            var identity = IdentityOf(signedIn.Subject, user, ticket.Principal!.FindFirstValue(MfaClaims.SignInTime));
            await WriteAsync(context, identity, ticket.Properties!, method, receipt).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync(HttpContext context) =>
        await context.SignOutAsync(_options.Scheme ?? (await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false))?.Name)
            .ConfigureAwait(false);

    /// <returns>The signed-in user, or null.</returns>
    public async Task<SignedInUser?> FindAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        var userId = ticket.Principal?.FindFirstValue(_options.UserIdClaim);
        return ticket.Succeeded && !string.IsNullOrEmpty(userId)
            ? new SignedInUser(
                new MfaSubject(userId, _options.TenantClaim is null ? null : ticket.Principal!.FindFirstValue(_options.TenantClaim)),
                ticket.Principal!.HasClaim(MfaClaims.Methods, MfaClaims.Mfa),
                SignInTimeOf(ticket.Principal!))
            : null;
    }

    /// <returns>The receipt of the session's last verification, or null.</returns>
    public async Task<MfaReceipt?> FindReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        return MfaReceipt.TryParse(ticket.Properties?.Items.GetOrNull(Receipt), out var receipt) ? receipt : null;
    }

    /// <returns>Whether the session has a receipt that is recent enough to prove a change.</returns>
    public async Task<bool> HasYoungReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(_options.Scheme).ConfigureAwait(false);
        var time = ticket.Properties?.Items.GetOrNull(ReceiptTime);
        return TryParse(time, out var seconds) && (clock.GetUtcNow().ToUnixTimeSeconds() - seconds) < _stepUpAge.TotalSeconds;
    }

    // Drop claims from the application that would assert MFA or change the user's identity.
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

    // Compare without letter case, as readers of claims do: they find "AMR" when they ask for "amr".
    private bool IsReserved(Claim claim) =>
        MfaClaims.Types.Append(_options.UserIdClaim).Append(_options.TenantClaim).Contains(claim.Type, StringComparer.OrdinalIgnoreCase);

    private Task WriteAsync(
        HttpContext context, ClaimsIdentity identity, AuthenticationProperties properties, MfaMethod? method, MfaReceipt? receipt)
    {
        if (method is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.Methods, method == MfaMethod.Totp ? MfaClaims.Otp : MfaClaims.Recovery));
            identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Mfa));
            identity.AddClaim(new Claim(MfaClaims.MfaTime, Now(), ClaimValueTypes.Integer64));
        }

        Keep(properties, receipt?.Reveal());
        return context.SignInAsync(_options.Scheme, new ClaimsPrincipal(identity), properties);
    }

    // Keep the time of an unchanged receipt: enrolling renews the session without a new receipt.
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

    private static DateTimeOffset? SignInTimeOf(ClaimsPrincipal principal) =>
        TryParse(principal.FindFirstValue(MfaClaims.SignInTime), out var seconds) && seconds <= LatestTime
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool TryParse(string? time, out long seconds) =>
        long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);

    private string Now() => clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
