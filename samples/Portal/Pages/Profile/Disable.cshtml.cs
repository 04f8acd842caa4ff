using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class DisableModel(MfaAccount account) : ChangeModel(account)
{
    public async Task<IActionResult> OnPostAsync(string? code, AttemptId? attempt, CancellationToken cancellationToken)
    {
        var result = await Account.DisableAsync(HttpContext, code, attempt, cancellationToken);
        return result.Succeeded
            ? LocalRedirect($"/profile/security?news={SecurityNews.Disabled}")
            : await RefuseAsync(result.Outcome, result.Verification);
    }
}
