using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages;

/// <summary>The second factor, for those who are half signed in.</summary>
[AllowAnonymous]
internal sealed class CodeModel(MfaSignIn signIn) : CodesModel
{
    public string? Error { get; private set; }

    /// <summary>The answer after too many wrong codes, for the page to say what is left.</summary>
    public VerificationResult? Stopped { get; private set; }

    public async Task<IActionResult> OnGetAsync() =>
        await signIn.FindChallengeAsync(HttpContext) is { IsEnrollment: false } ? Page() : StartAgain(SignInEnd.Expired);

    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancellationToken)
    {
        var challenge = await signIn.FindChallengeAsync(HttpContext);
        var result = await signIn.VerifyAsync(HttpContext, code, cancellationToken: cancellationToken);
        return result switch
        {
            null => StartAgain(SignInEnd.Expired),

            // Not redirected to: a reload sends the same code in the same attempt again, and gets the same answer.
            { Succeeded: true, ReplacementRecoveryCodes: { } codes } =>
                Show(
                    codes,
                    "Your account is recovered. Your old recovery code is no longer valid; this is your new one.",
                    challenge?.ReturnPath),
            { Succeeded: true } => LocalRedirect(challenge?.ReturnPath ?? "/profile"),
            { UserMessage: UserMessage.StartOver } => StartAgain(SignInEnd.Over),
            _ => Refuse(result),
        };
    }

    public async Task<IActionResult> OnPostCancelAsync()
    {
        await signIn.CancelAsync(HttpContext);
        return LocalRedirect("/signin");
    }

    private PageResult Refuse(VerificationResult refused)
    {
        Error = Words.Of(refused);
        Stopped = refused.UserMessage is UserMessage.WaitUntil or UserMessage.UseAnotherWay ? refused : null;
        if (refused.RetryAfter is { } wait)
        {
            Response.TellToWait(wait);
        }

        return Page();
    }

    private LocalRedirectResult StartAgain(SignInEnd end) => LocalRedirect($"/signin?ended={end}");
}
