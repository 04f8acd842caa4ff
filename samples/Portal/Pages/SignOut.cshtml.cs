using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Portal.Pages;

[AllowAnonymous]
internal sealed class SignOutModel(MfaSignIn signIn) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/signin");

    public async Task<IActionResult> OnPostAsync()
    {
        await signIn.SignOutAsync(HttpContext);
        return LocalRedirect("/signin");
    }
}
