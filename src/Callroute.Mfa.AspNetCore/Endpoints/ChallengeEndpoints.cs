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
        group.Refuses(StatusCodes.Status401Unauthorized);
        group.MapGet("/", GetAsync).WithName("GetMfaChallenge").WithSummary("Returns what the user who is half signed in must do.")
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/verify", VerifyAsync).WithName("VerifyMfaCode").RefusesCodes()
            .WithSummary("Verifies a code of an app or a recovery code, and signs the user in.");
        group.MapPost("/cancel", CancelAsync).WithName("CancelMfaChallenge").WithSummary("Ends the half-signed-in state.")
            .WithDescription("Deletes the cookie. A client without cookies deletes its token instead.")
            .Refuses(StatusCodes.Status403Forbidden);
    }

    private static async Task<Results<Ok<ChallengeResponse>, ProblemHttpResult>> GetAsync(
        HttpContext context, MfaSignIn signIn, IOptions<MfaOptions> options) =>
        await signIn.FindChallengeAsync(context).ConfigureAwait(false) is { } challenge
            ? TypedResults.Ok(new ChallengeResponse(
                challenge.IsEnrollment, challenge.ExpiresAt, options.Value.RememberBrowserLifetime?.Days ?? 0))
            : Problems.SignInRequired;

    private static async Task<Results<Ok<VerificationResponse>, ProblemHttpResult>> VerifyAsync(
        HttpContext context, ChallengeRequest request, MfaSignIn signIn)
    {
        var challenge = await signIn.FindChallengeAsync(context).ConfigureAwait(false);
        var result = await signIn.VerifyAsync(context, request.Code, request.RememberBrowser, context.RequestAborted).ConfigureAwait(false);
        if (challenge is null || result is null)
        {
            return Problems.SignInRequired;
        }

        return result.Succeeded
            ? TypedResults.Ok(Responses.Of(context, result, challenge.ReturnPath))
            : Problems.Refused(context, result);
    }

    private static async Task<NoContent> CancelAsync(HttpContext context, MfaSignIn signIn)
    {
        await signIn.CancelAsync(context).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
