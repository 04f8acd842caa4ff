using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
            var logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Callroute.Mfa");
            Log.EndpointFailed(logger, http.GetEndpoint()?.DisplayName, exception);
            return Problems.Busy(http);
        }
    }
}
