using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints of the signed-in user.</summary>
internal static class AccountEndpoints
{
    /// <summary>The name of an endpoint that is mapped once.</summary>
    public const string StatusName = "GetMfaStatus";

    public static void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(new SignInFilter(
            async (account, context) => !await account.RequiresSignInAsync(context).ConfigureAwait(false)));
        group.MapGet("/", StatusAsync).WithName(StatusName).WithSummary("Returns the status of the user's MFA.")
            .Refuses(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/step-up", StepUpAsync).WithName("StepUpMfa").RefusesChanges()
            .WithSummary("Verifies a code, so that the session counts as recently verified.");
        group.MapPost("/disable", DisableAsync).WithName("DisableMfa").RefusesChanges().Refuses(StatusCodes.Status409Conflict)
            .WithSummary("Disables MFA.");
        group.MapPost("/recovery-codes", RegenerateAsync).WithName("RegenerateRecoveryCodes").RefusesChanges()
            .WithSummary("Makes new recovery codes; the old ones work until these are acknowledged or used.");
        group.MapPost("/recovery-codes/{setId:guid}/acknowledge", AcknowledgeAsync).WithName("AcknowledgeRecoveryCodes")
            .Refuses(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Records that the user has saved their recovery codes.");
        group.MapPost("/authenticators/{authenticatorId:guid}/remove", RemoveAsync).WithName("RemoveAuthenticator").RefusesChanges()
            .Refuses(StatusCodes.Status409Conflict).WithSummary("Removes one of several authenticators.");
        group.MapPost("/authenticators/{authenticatorId:guid}/rename", RenameAsync).WithName("RenameAuthenticator")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound)
            .Refuses(StatusCodes.Status503ServiceUnavailable).WithSummary("Changes the user's name for an authenticator.");
        group.MapPost("/known-devices/revoke", RevokeAllAsync).WithName("RevokeKnownDevices").RefusesChanges()
            .WithSummary("Makes all known devices unknown.");
        group.MapPost("/known-devices/{deviceId:guid}/revoke", RevokeOneAsync).WithName("RevokeKnownDevice").RefusesChanges()
            .WithSummary("Makes one known device unknown.");
    }

    private static RouteHandlerBuilder RefusesChanges(this RouteHandlerBuilder endpoint) =>
        endpoint.RefusesCodes().Refuses(StatusCodes.Status404NotFound);

    private static async Task<Ok<StatusResponse>> StatusAsync(HttpContext context, MfaAccount account) =>
        TypedResults.Ok(StatusResponse.From(await account.GetStatusAsync(context, context.RequestAborted).ConfigureAwait(false)));

    private static async Task<Results<Ok<VerificationResponse>, ProblemHttpResult>> StepUpAsync(
        HttpContext context, CodeRequest request, MfaAccount account)
    {
        var result = await account.StepUpAsync(context, request.Code, CodeFilter.AttemptOf(request), context.RequestAborted)
            .ConfigureAwait(false);
        return result.Succeeded ? TypedResults.Ok(Responses.Of(context, result, null))
            : result.Reason == RefusalReason.NotEnrolled ? Problems.Of(context, MfaChangeOutcome.NotEnrolled, result)
            : Problems.Refused(context, result);
    }

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> DisableAsync(
        HttpContext context, CodeRequest? request, MfaAccount account) =>
        Answer(
            context,
            await account.DisableAsync(context, request?.Code, CodeFilter.AttemptOf(request), context.RequestAborted)
                .ConfigureAwait(false));

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RegenerateAsync(
        HttpContext context, CodeRequest? request, MfaAccount account) =>
        Answer(
            context,
            await account.RegenerateRecoveryCodesAsync(context, request?.Code, CodeFilter.AttemptOf(request), context.RequestAborted)
                .ConfigureAwait(false));

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> AcknowledgeAsync(
        HttpContext context, Guid setId, MfaAccount account) =>
        Answer(context, await account.AcknowledgeRecoveryCodesAsync(context, setId, context.RequestAborted).ConfigureAwait(false));

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RemoveAsync(
        HttpContext context, Guid authenticatorId, CodeRequest? request, MfaAccount account) =>
        Answer(
            context,
            await account.RemoveAuthenticatorAsync(
                context, authenticatorId, request?.Code, CodeFilter.AttemptOf(request), context.RequestAborted).ConfigureAwait(false));

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RenameAsync(
        HttpContext context, Guid authenticatorId, RenameRequest request, MfaAccount account) =>
        Answer(
            context,
            await account.RenameAuthenticatorAsync(context, authenticatorId, request.Name, context.RequestAborted).ConfigureAwait(false));

    private static Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RevokeAllAsync(
        HttpContext context, CodeRequest? request, MfaAccount account) => RevokeAsync(context, null, request, account);

    private static Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RevokeOneAsync(
        HttpContext context, Guid deviceId, CodeRequest? request, MfaAccount account) => RevokeAsync(context, deviceId, request, account);

    private static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> RevokeAsync(
        HttpContext context, Guid? deviceId, CodeRequest? request, MfaAccount account) =>
        Answer(
            context,
            await account.RevokeKnownDevicesAsync(
                context, deviceId, request?.Code, CodeFilter.AttemptOf(request), context.RequestAborted).ConfigureAwait(false));

    private static Results<Ok<ChangeResponse>, ProblemHttpResult> Answer(HttpContext context, MfaChangeResult result) => result.Succeeded
        ? TypedResults.Ok(new ChangeResponse(
            RecoveryCodesResponse.From(result.RecoveryCodes ?? result.Verification?.ReplacementRecoveryCodes),
            TokensResponse.Of(context)))
        : Problems.Of(context, result.Outcome, result.Verification);
}
