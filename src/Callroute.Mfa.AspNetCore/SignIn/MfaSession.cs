using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the signed-in session: the sign-in scheme's ticket, with the claims and the receipt of MFA.</summary>
internal sealed class MfaSession(MfaSettings settings, TimeProvider clock)
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";

    private static readonly string[] MfaMethods = [MfaClaims.Otp, MfaClaims.Recovery, MfaClaims.Mfa];

    /// <summary>Signs a user in who has passed the first factor, and MFA where a method is given.</summary>
    public Task SignInAsync(HttpContext context, MfaSubject subject, MfaUser user, bool isPersistent, MfaMethod? method = null, MfaReceipt? receipt = null)
    {
        // What the application says of a user must not say that they passed MFA, or that they are another.
        var identity = new ClaimsIdentity(user.Claims.Where(claim => !IsReserved(claim)), settings.SignInScheme ?? MfaSettings.Section);
        identity.AddClaim(new Claim(settings.UserIdClaim, subject.UserId));
        if (settings.TenantClaim is { } tenantClaim && subject.Tenant is { } tenant)
        {
            identity.AddClaim(new Claim(tenantClaim, tenant));
        }

        identity.AddClaim(new Claim(MfaClaims.SignInTime, Now(), ClaimValueTypes.Integer64));
        identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Password));
        return WriteAsync(context, new ClaimsPrincipal(identity), identity, new AuthenticationProperties { IsPersistent = isPersistent }, method, receipt);
    }

    /// <summary>Notes in the session that its user has passed MFA now; or, without a method, that they have none any more.</summary>
    public async Task RenewAsync(HttpContext context, MfaMethod? method, MfaReceipt? receipt)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        if (ticket is not { Succeeded: true, Principal: { Identity: ClaimsIdentity } principal })
        {
            return;
        }

        var renewed = principal.Clone();
        foreach (var claim in renewed.FindAll(IsOfMfa).ToArray())
        {
            claim.Subject!.RemoveClaim(claim);
        }

        await WriteAsync(context, renewed, (ClaimsIdentity)renewed.Identity!, ticket.Properties, method, receipt).ConfigureAwait(false);
    }

    /// <returns>Who is signed in; null where nobody is.</returns>
    public async Task<MfaSubject?> FindSubjectAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        var userId = ticket.Principal?.FindFirstValue(settings.UserIdClaim);
        return ticket.Succeeded && !string.IsNullOrEmpty(userId)
            ? new MfaSubject(userId, settings.TenantClaim is null ? null : ticket.Principal!.FindFirstValue(settings.TenantClaim))
            : null;
    }

    /// <returns>The receipt of the session's last verification, or null.</returns>
    public async Task<MfaReceipt?> FindReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        return MfaReceipt.TryParse(ticket.Properties?.Items.GetOrNull(Receipt), out var receipt) ? receipt : null;
    }

    /// <returns>Whether the session's receipt is there and young enough to prove a change.</returns>
    public async Task<bool> HasYoungReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        return long.TryParse(ticket.Properties?.Items.GetOrNull(ReceiptTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && (clock.GetUtcNow().ToUnixTimeSeconds() - seconds) < settings.StepUpAge.TotalSeconds;
    }

    private static bool IsOfMfa(Claim claim) =>
        claim.Type == MfaClaims.MfaTime || (claim.Type == MfaClaims.Methods && MfaMethods.Contains(claim.Value));

    private bool IsReserved(Claim claim) =>
        claim.Type is MfaClaims.Methods or MfaClaims.SignInTime or MfaClaims.MfaTime || claim.Type == settings.UserIdClaim || claim.Type == settings.TenantClaim;

    private Task WriteAsync(HttpContext context, ClaimsPrincipal principal, ClaimsIdentity identity, AuthenticationProperties properties, MfaMethod? method, MfaReceipt? receipt)
    {
        if (method is not null)
        {
            identity.AddClaim(new Claim(MfaClaims.Methods, method == MfaMethod.Totp ? MfaClaims.Otp : MfaClaims.Recovery));
            identity.AddClaim(new Claim(MfaClaims.Methods, MfaClaims.Mfa));
            identity.AddClaim(new Claim(MfaClaims.MfaTime, Now(), ClaimValueTypes.Integer64));
        }

        Keep(properties, receipt?.Reveal());
        return context.SignInAsync(settings.SignInScheme, principal, properties);
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
