using System.ComponentModel.DataAnnotations;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages;

/// <summary>Self-registration. One for the real world confirms the address by mail, and then need not tell that it is taken.</summary>
[AllowAnonymous]
internal sealed class RegisterModel(Accounts accounts, PasswordAttempts attempts, MfaSignIn signIn) : PageModel
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your name.")]
    [StringLength(100)]
    public string? Name { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [EmailAddress(ErrorMessage = "Enter an e-mail address such as ann@example.com.")]
    [StringLength(Accounts.LongestEmail)]
    public string? Email { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a password.")]
    [StringLength(
        Accounts.LongestPassword,
        MinimumLength = Accounts.ShortestPassword,
        ErrorMessage = "The password must have {2} to {1} characters.")]
    public string? Password { get; set; }

    public string? Error { get; private set; }

    public IActionResult OnGet() => User.Identity?.IsAuthenticated == true ? LocalRedirect("/profile") : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
        {
            Error = string.Join(' ', ModelState.Values.SelectMany(field => field.Errors).Select(error => error.ErrorMessage));
            return Page();
        }

        if (await accounts.RegisterAsync(Email!, Name!, Password!, cancellationToken) is not { } user)
        {
            Error = "That e-mail address has an account already. Sign in instead.";
            return Page();
        }

        attempts.Remember(HttpContext, Accounts.Normalize(Email));
        await signIn.BeginAsync(HttpContext, user, cancellationToken: cancellationToken);
        return LocalRedirect("/profile");
    }
}
