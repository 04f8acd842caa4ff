using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the signed-in session: the sign-in scheme's ticket, with the claims and the receipt of MFA.</summary>
internal sealed class MfaSession(MfaService mfa, MfaSettings settings, TimeProvider clock, IAuthenticationSchemeProvider schemes)
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";
    private const string Attempt = "callroute.mfa.attempt";

    /// <exception cref="InvalidOperationException">The session has no claim for the subject's tenant, so it would be another subject's.</exception>
    public void CheckHolds(MfaSubject subject)
    {
        if (subject.Tenant is not null && settings.TenantClaim is null)
        {
            throw new InvalidOperationException($"{MfaSettings.Section}:{nameof(MfaSettings.TenantClaim)} is not set, so the session would forget its user's tenant. Name the claim that is to hold it.");
        }
    }

    /// <summary>Signs a user in who has passed the first factor, and MFA where a method is given.</summary>
    public Task SignInAsync(HttpContext context, MfaSubject subject, MfaUser user, bool isPersistent, MfaMethod? method = null, MfaReceipt? receipt = null) =>
        WriteAsync(context, IdentityOf(subject, user, Now()), new AuthenticationProperties { IsPersistent = isPersistent }, method, receipt);

    /// <summary>Notes in the session that its user has passed MFA now; or, without a method, that they have none any more.</summary>
    /// <remarks>The claims are the user's own again: those that a claims transformation adds to one request are not to stay for good.</remarks>
    public async Task RenewAsync(HttpContext context, MfaUser user, MfaMethod? method, MfaReceipt? receipt)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        if (await FindSubjectAsync(context).ConfigureAwait(false) is { } subject)
        {
            var identity = IdentityOf(subject, user, ticket.Principal!.FindFirstValue(MfaClaims.SignInTime));
            await WriteAsync(context, identity, ticket.Properties!, method, receipt).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync(HttpContext context) =>
        await context.SignOutAsync(settings.SignInScheme ?? (await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false))?.Name).ConfigureAwait(false);

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

    /// <returns>The attempt that codes of this session belong to, until one is accepted.</returns>
    public async Task<AttemptId> FindAttemptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        return AttemptId.TryParse(ticket.Properties?.Items.GetOrNull(Attempt), out var attempt) ? attempt : mfa.BeginAttempt();
    }

    /// <returns>Whether the session's receipt is there and young enough to prove a change.</returns>
    public async Task<bool> HasYoungReceiptAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(settings.SignInScheme).ConfigureAwait(false);
        return long.TryParse(ticket.Properties?.Items.GetOrNull(ReceiptTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && (clock.GetUtcNow().ToUnixTimeSeconds() - seconds) < settings.StepUpAge.TotalSeconds;
    }

    // What the application says of a user must not say that they passed MFA, or that they are another.
    private ClaimsIdentity IdentityOf(MfaSubject subject, MfaUser user, string? signedInAt)
    {
        var identity = new ClaimsIdentity(user.Claims.Where(claim => !IsReserved(claim)), settings.SignInScheme ?? MfaSettings.Section);
        identity.AddClaim(new Claim(settings.UserIdClaim, subject.UserId));
        if (settings.TenantClaim is { } tenantClaim && subject.Tenant is { } tenant)
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
        MfaClaims.Types.Append(settings.UserIdClaim).Append(settings.TenantClaim).Contains(claim.Type, StringComparer.OrdinalIgnoreCase);

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
        return context.SignInAsync(settings.SignInScheme, new ClaimsPrincipal(identity), properties);
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
