using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Portal.Pages.Profile;

internal sealed class RemoveModel(MfaAccount account, SessionCheck sessions) : ChangeModel(account, sessions)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public async Task<IActionResult> OnPostAsync(string? code, AttemptId? attempt, CancellationToken cancellationToken) =>
        await AnswerAsync(
            await Account.RemoveAuthenticatorAsync(HttpContext, Id, code, attempt, cancellationToken),
            $"/profile/security?news={SecurityNews.Removed}");

    public async Task<string> FindNameAsync() =>
        (await Account.GetStatusAsync(HttpContext)).Authenticators.FirstOrDefault(authenticator => authenticator.Id == Id)?.Name
            ?? "Authenticator app";
}
