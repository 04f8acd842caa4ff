using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Callroute.Mfa.AspNetCore.Identity.Gate;

/// <summary>
/// Shows why a code or a change was refused, and how long to wait. Identity's pages cannot say it: they lead to the page "Lockout", or
/// fail.
/// </summary>
internal sealed class WaitOnPage : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next().ConfigureAwait(false);
        if (executed.HandlerInstance is not PageModel page
            || context.HttpContext.Features.Get<CodeAnswer>() is not { IsLockedOut: true } refused)
        {
            return;
        }

        if (executed.Result is RedirectToPageResult { PageName: "./Lockout" })
        {
            page.ModelState.AddModelError(string.Empty, TextOf(refused));
            executed.Result = page.Page();
        }
        else if (executed.Exception is ArgumentNullException or InvalidOperationException
            || executed.Result is RedirectToPageResult { PageName: "./EnableAuthenticator" })
        {
            // If the change was refused, the pages of new recovery codes and of disabling throw, and the page of a reset says that it was
            // made. Another page shows the message.
            executed.ExceptionHandled = true;
            var message = "Error: " + TextOf(refused);
            page.TempData["StatusMessage"] = message;

            // The page's property goes into TempData later, and would replace the message.
            page.GetType().GetProperty("StatusMessage")?.SetValue(page, message);
            executed.Result = page.RedirectToPage("./TwoFactorAuthentication");
        }
    }

    private static string TextOf(CodeAnswer refused) => refused switch
    {
        { RetryAfter: { } wait } => string.Create(CultureInfo.CurrentCulture, $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."),
        { Reason: "MfaLockedOut" } => "Authenticator codes are locked out. Use a recovery code, or ask an administrator.",
        { Reason: "MfaProofRefused" or "MfaProofRequired" } => "A new code is needed. Try again.",
        { Reason: "MfaThrottled" } => "New recovery codes were made too often. Wait an hour.",
        _ => "Two-factor authentication is not available now. Try again later.",
    };
}
