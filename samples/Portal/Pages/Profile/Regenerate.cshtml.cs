using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class RegenerateModel(MfaAccount account) : ChangeModel(account)
{
    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await Account.RegenerateRecoveryCodesAsync(HttpContext, code, cancellationToken: cancellationToken),
            $"/profile/security?news={SecurityNews.Saved}");
}
