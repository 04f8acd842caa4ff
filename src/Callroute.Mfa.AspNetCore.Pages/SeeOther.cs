using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Answers a form: the browser gets the next page by a GET, so that Back and reload do not send the form again.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;

        // The server refuses headers with other letters than those of ASCII.
        httpContext.Response.Headers.Location = UriHelper.Encode(new Uri(address, UriKind.Relative));
        return Task.CompletedTask;
    }
}
