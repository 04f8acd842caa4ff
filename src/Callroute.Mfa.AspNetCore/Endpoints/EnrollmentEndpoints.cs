using Callroute.Mfa.Provisioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps enrolment, for a user who is signed in, or half signed in to enrol.</summary>
internal static class EnrollmentEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(new SignInFilter(
            async (account, context) => await account.FindSubjectAsync(context, EnrollmentOf(context)).ConfigureAwait(false) is not null));
        group.Refuses(StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/", BeginAsync).WithName("BeginMfaEnrollment").RefusesCodes()
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .WithSummary("Begins to bind an authenticator: returns its QR code and key.");
        group.MapGet("/{enrollmentId:guid}", ResumeAsync).WithName("GetMfaEnrollment")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status410Gone)
            .WithSummary("Returns the offer of an unfinished enrolment again.");
        group.MapPost("/{enrollmentId:guid}/confirm", ConfirmAsync).WithName("ConfirmMfaEnrollment").RefusesCodes()
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status410Gone)
            .WithSummary("Binds the authenticator by its first code, and signs a user in who was half signed in.");
    }

    /// <returns>The enrolment in the path; null if there is none.</returns>
    private static Guid? EnrollmentOf(HttpContext context) =>
        Guid.TryParse(context.GetRouteValue("enrollmentId") as string, out var id) ? id : null;

    private static async Task<Results<Ok<EnrollmentResponse>, ProblemHttpResult>> BeginAsync(
        HttpContext context, EnrollmentRequest? request, MfaAccount account) =>
        Answer(context, await account.BeginEnrollmentAsync(
            context, request?.Code, request?.Replaces, request?.Name, CodeFilter.AttemptOf(request), context.RequestAborted)
            .ConfigureAwait(false));

    private static async Task<Results<Ok<EnrollmentResponse>, ProblemHttpResult>> ResumeAsync(
        HttpContext context, Guid enrollmentId, MfaAccount account) =>
        Answer(context, await account.ResumeEnrollmentAsync(context, enrollmentId, context.RequestAborted).ConfigureAwait(false));

    private static async Task<Results<Ok<ConfirmationResponse>, ProblemHttpResult>> ConfirmAsync(
        HttpContext context, Guid enrollmentId, CodeRequest request, MfaAccount account)
    {
        var result = await account.ConfirmEnrollmentAsync(context, enrollmentId, request.Code, context.RequestAborted)
            .ConfigureAwait(false);
        return result.Succeeded
            ? TypedResults.Ok(new ConfirmationResponse(
                result.AuthenticatorId!.Value, RecoveryCodesResponse.From(result.RecoveryCodes), TokensResponse.Of(context)))
            : Problems.Of(context, result.Outcome, null);
    }

    private static Results<Ok<EnrollmentResponse>, ProblemHttpResult> Answer(HttpContext context, EnrollmentOffer offer)
    {
        using var disposed = offer;
        return offer.Succeeded
            ? TypedResults.Ok(Responses.Of(context, offer, context.RequestServices.GetService<IQrCodeRenderer>()))
            : Problems.Of(context, offer.Outcome, offer.Verification);
    }
}
