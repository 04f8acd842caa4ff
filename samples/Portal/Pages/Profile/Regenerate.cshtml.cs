using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class RegenerateModel(MfaAccount account, SessionCheck sessions) : ChangeModel(account, sessions)
{
    public async Task<IActionResult> OnPostAsync(string? code, AttemptId? attempt, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await Account.RegenerateRecoveryCodesAsync(HttpContext, code, attempt, cancellationToken),
            $"/profile/security?news={SecurityNews.Saved}");
}
