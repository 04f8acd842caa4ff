using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Answers 503 if the store or another part fails, and logs the failure.</summary>
internal sealed class FailureFilter : IEndpointFilter
{
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is logged, and the client may try again.")]
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.EndpointFailed(Log.Of(http), http.GetEndpoint()?.DisplayName, exception);
            return Problems.Busy(http);
        }
    }
}
