using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class DisableModel(MfaAccount account, SessionCheck sessions) : ChangeModel(account, sessions)
{
    public async Task<IActionResult> OnPostAsync(string? code, AttemptId? attempt, CancellationToken cancellationToken)
    {
        var result = await Account.DisableAsync(HttpContext, code, attempt, cancellationToken);
        if (!result.Succeeded)
        {
            return await RefuseAsync(result.Outcome, result.Verification);
        }

        await EndOtherSessionsAsync();
        return LocalRedirect($"/profile/security?news={SecurityNews.Disabled}");
    }
}
