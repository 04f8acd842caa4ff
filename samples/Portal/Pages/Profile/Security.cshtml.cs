using System.Security.Claims;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Callroute.Portal.Pages.Profile;

/// <summary>The Security tab.</summary>
internal sealed class SecurityModel(
    MfaAccount account, MfaSignIn signIn, SessionCheck sessions, UserTable users, IOptions<MfaOptions> options) : PageModel
{
    public MfaStatus Status { get; private set; } = null!;

    public bool WantsCode { get; private set; }

    public bool IsRequired { get; private set; }

    public bool CanAdd => Status.Authenticators.Count < options.Value.MaximumAuthenticators;

    [BindProperty(SupportsGet = true)]
    public SecurityNews? News { get; set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Status = await account.GetStatusAsync(HttpContext, cancellationToken);
        WantsCode = await account.RequiresCodeForChangesAsync(HttpContext);
        var me = await users.FindByIdAsync(User.FindFirstValue(ClaimTypes.NameIdentifier)!, cancellationToken);
        IsRequired = me?.Policy == MfaPolicy.Required;
    }

    /// <summary>The user has saved their recovery codes, which also ends a sign-in that waited for that.</summary>
    public async Task<IActionResult> OnPostSavedAsync(Guid setId, string? next, CancellationToken cancellationToken)
    {
        var returnPath = (await signIn.FindChallengeAsync(HttpContext))?.ReturnPath;
        var saved = await account.AcknowledgeRecoveryCodesAsync(HttpContext, setId, cancellationToken);
        if (!saved.Succeeded)
        {
            return LocalRedirect($"/profile/security?news={SecurityNews.NotSaved}");
        }

        await sessions.EndOthersAsync(HttpContext);
        next ??= returnPath;
        return LocalRedirect(Url.IsLocalUrl(next) ? next : $"/profile/security?news={SecurityNews.Saved}");
    }
}
