using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the MFA step of the sign-in.</summary>
internal static class ChallengeEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", GetAsync).WithName("GetMfaChallenge").WithSummary("Returns what the user who is half signed in must do.");
        group.MapPost("/verify", VerifyAsync).WithName("VerifyMfaCode")
            .WithSummary("Verifies a code of an app or a recovery code, and signs the user in.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/cancel", CancelAsync).WithName("CancelMfaChallenge").WithSummary("Ends the half-signed-in state.");
    }

    private static async Task<Results<Ok<ChallengeResponse>, UnauthorizedHttpResult>> GetAsync(
        HttpContext context, MfaSignIn signIn, IOptions<MfaOptions> options) =>
        await signIn.FindChallengeAsync(context).ConfigureAwait(false) is { } challenge
            ? TypedResults.Ok(new ChallengeResponse(
                challenge.IsEnrollment, challenge.ExpiresAt, options.Value.RememberBrowserLifetime?.Days ?? 0))
            : TypedResults.Unauthorized();

    private static async Task<Results<Ok<VerificationResponse>, UnauthorizedHttpResult, ProblemHttpResult>> VerifyAsync(
        HttpContext context, ChallengeRequest request, MfaSignIn signIn)
    {
        var challenge = await signIn.FindChallengeAsync(context).ConfigureAwait(false);
        var result = await signIn.VerifyAsync(context, request.Code, request.RememberBrowser, context.RequestAborted).ConfigureAwait(false);
        if (challenge is null || result is null)
        {
            return TypedResults.Unauthorized();
        }

        return result.Succeeded
            ? TypedResults.Ok(Responses.Of(result, challenge.ReturnPath))
            : Problems.Refused(context, result);
    }

    private static async Task<NoContent> CancelAsync(HttpContext context, MfaSignIn signIn)
    {
        await signIn.CancelAsync(context).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
