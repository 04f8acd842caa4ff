using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses a body whose attempt is malformed, and keeps the known-device token of a client without cookies.</summary>
internal sealed class CodeFilter : IEndpointFilter
{
    /// <returns>The attempt; null if the body names none.</returns>
    public static AttemptId? AttemptOf(ICodeRequest? request) =>
        AttemptId.TryParse(request?.Attempt, out var attempt) ? attempt : null;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.Arguments.OfType<ICodeRequest>().SingleOrDefault();
        if (request?.Attempt is not null && AttemptOf(request) is null)
        {
            return new(Problems.AttemptMalformed);
        }

        if (TokenRequest.Of(context.HttpContext) is { } tokens)
        {
            tokens.KnownDevice = request?.KnownDevice;
        }

        return next(context);
    }
}
