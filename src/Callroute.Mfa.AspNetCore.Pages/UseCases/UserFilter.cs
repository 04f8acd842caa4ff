using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Finds the user of a request, and refuses a form that was shown to another one: a tab may be older than the sign-in of this browser.
/// </summary>
internal sealed class UserFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
        var pages = services.GetRequiredService<PageResponder>();
        if (!pages.GetsCookies(http))
        {
            return TypedResults.NotFound();
        }

        // The pages are for sessions. A token may be of another user, and the library would read it first.
        http.Request.Headers.Authorization = default;
        var users = services.GetRequiredService<PageUser>();
        var session = await users.FindAsync(http).ConfigureAwait(false);
        var challenge = await services.GetRequiredService<MfaSignIn>().FindChallengeAsync(http).ConfigureAwait(false);
        if ((session is null ? challenge?.Subject : users.SubjectOf(session)) is { } subject)
        {
            PageUser.Remember(http, subject);
            if (HttpMethods.IsPost(http.Request.Method)
                && (await PageForm.BindAsync(http).ConfigureAwait(false)).Owner != PageUser.Remembered(http))
            {
                var page = session is not null ? string.Empty : challenge!.IsEnrollment ? SetUp.Page : SignIn.Page;
                return pages.Tell(http, new Notice(page, "Notice.OtherForm") { IsError = true });
            }
        }

        return await next(context).ConfigureAwait(false);
    }
}
