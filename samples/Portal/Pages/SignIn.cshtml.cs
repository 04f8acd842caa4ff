using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages;

/// <summary>The first factor.</summary>
[AllowAnonymous]
internal sealed class SignInModel(Accounts accounts, PasswordAttempts attempts, MfaSignIn signIn) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true)]
    public SignInEnd? Ended { get; set; }

    public string? Error { get; private set; }

    public async Task<IActionResult> OnGetAsync() =>
        User.Identity?.IsAuthenticated == true ? LocalRedirect("/profile")
        : await signIn.FindChallengeAsync(HttpContext) is { IsEnrollment: true } ? LocalRedirect("/profile/security/enroll")
        : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Ended = null;
        var email = Accounts.Normalize(Email);
        if (attempts.Count(HttpContext, email) is { } wait)
        {
            Response.TellToWait(wait);
            return Refuse(Words.TooManyPasswords(wait));
        }

        if (await accounts.CheckAsync(email, Password, cancellationToken) is not { } user)
        {
            return Refuse(Words.WrongPassword);
        }

        attempts.Remember(HttpContext, email);

        return await signIn.BeginAsync(HttpContext, user, returnPath: ReturnUrl, cancellationToken: cancellationToken) switch
        {
            MfaSignInStep.SignedIn => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/profile"),
            MfaSignInStep.CodeRequired => LocalRedirect("/signin/code"),
            MfaSignInStep.EnrollmentRequired => LocalRedirect("/profile/security/enroll"),
            _ => Refuse(Words.NotSignedIn),
        };
    }

    private PageResult Refuse(string error)
    {
        Error = error;
        return Page();
    }
}
