using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses a body whose attempt is malformed.</summary>
internal sealed class AttemptFilter : IEndpointFilter
{
    /// <returns>The attempt; null if the body names none.</returns>
    public static AttemptId? AttemptOf(IAttemptRequest request) =>
        AttemptId.TryParse(request.Attempt, out var attempt) ? attempt : null;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IAttemptRequest>().Any(request => request.Attempt is not null && AttemptOf(request) is null)
            ? new(Problems.AttemptMalformed)
            : next(context);
}
