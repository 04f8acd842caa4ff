using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Hosts;

[Route("/login")]
public sealed class LoginController(MfaSignIn signIn) : Controller
{
    [HttpGet]
    public IActionResult Show() => Content(Login.Form, "text/html");

    [HttpPost]
    public async Task<IActionResult> SignInAsync(string name, string? returnUrl) =>
        LocalRedirect(await Login.BeginAsync(HttpContext, signIn, name, returnUrl));
}
