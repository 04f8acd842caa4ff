using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Answers the first factor of a client without cookies. Return it from the application's endpoint.</summary>
/// <remarks>
/// 200 with the tokens of the session, or 403 with the <c>reason</c> <c>mfa-required</c> or <c>enrollment-required</c> and the
/// <c>mfaToken</c> for the MFA step, or 403 with the <c>reason</c> <c>sign-in-refused</c>. It is <c>Cache-Control: no-store</c>.
/// </remarks>
public sealed class MfaTokenResult : IResult, IEndpointMetadataProvider
{
    private readonly (string Token, MfaChallenge Challenge)? _issued;

    internal MfaTokenResult(MfaSignInStep step, (string Token, MfaChallenge Challenge)? issued) => (Step, _issued) = (step, issued);

    /// <summary>The next step.</summary>
    public MfaSignInStep Step { get; }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(Described.Response(StatusCodes.Status200OK, typeof(TokensResponse), "The user has no MFA and is signed in."));
        builder.Metadata.Add(Described.Problem(
            StatusCodes.Status403Forbidden,
            "`mfa-required`: verify a code with the `mfaToken`. `enrollment-required`: enrol with it. `sign-in-refused`: try later."));
    }

    /// <summary>Writes the response.</summary>
    /// <param name="httpContext">The request.</param>
    /// <returns>A task that completes when the response is written.</returns>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.Headers.CacheControl = "no-store";
        return ResultOf(httpContext).ExecuteAsync(httpContext);
    }

    private IResult ResultOf(HttpContext context) => Step switch
    {
        MfaSignInStep.SignedIn => TypedResults.Ok(TokensResponse.Of(context)),
        MfaSignInStep.CodeRequired => Continue("mfa-required", "A code is required."),
        MfaSignInStep.EnrollmentRequired => Continue("enrollment-required", "An authenticator app is required."),
        _ => Problems.Problem(
            StatusCodes.Status403Forbidden, "sign-in-refused", "You cannot sign in now.",
            "Try later. If it stays so, ask an administrator."),
    };

    private ProblemHttpResult Continue(string reason, string title) => TypedResults.Problem(new MfaProblem
    {
        Status = StatusCodes.Status403Forbidden,
        Type = Problems.TypeOf(reason),
        Title = title,
        Reason = reason,
        MfaToken = _issued!.Value.Token,
        ExpiresAt = _issued.Value.Challenge.ExpiresAt,
    });
}
