using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Answers a form: the browser gets the next page by a GET, so that Back and reload do not send the form again.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
