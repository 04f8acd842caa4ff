using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Mfa.AspNetCore.Identity.Gate;

/// <summary>
/// Shows the wait on the page where the user typed the code. Identity's page "Lockout", to which its pages would lead, has no place for it.
/// </summary>
internal sealed class WaitOnPage : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next().ConfigureAwait(false);
        if (executed is { Result: RedirectToPageResult { PageName: "./Lockout" }, HandlerInstance: PageModel page }
            && context.HttpContext.Features.Get<CodeAnswer>() is { IsWait: true } refused)
        {
            page.ModelState.AddModelError(string.Empty, TextOf(refused));
            executed.Result = page.Page();
        }
    }

    private static string TextOf(CodeAnswer refused) => refused switch
    {
        { RetryAfter: { } wait } => string.Create(CultureInfo.CurrentCulture, $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."),
        { Reason: "MfaLockedOut" } => "Authenticator codes are locked out. Use a recovery code, or ask an administrator.",
        _ => "Two-factor authentication is not available now. Try again later.",
    };
}
