using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class ForgetModel(MfaAccount account, SessionCheck sessions) : ChangeModel(account, sessions)
{
    /// <summary>The known device; null for all of them.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Id { get; set; }

    public async Task<IActionResult> OnPostAsync(string? code, AttemptId? attempt, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await Account.RevokeKnownDevicesAsync(HttpContext, Id, code, attempt, cancellationToken),
            $"/profile/security?news={SecurityNews.Forgotten}");
}
