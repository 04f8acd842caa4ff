using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints of administrators.</summary>
/// <remarks>Reads are POST too, because addresses appear in logs, and ids and searches must not.</remarks>
internal static class AdministrationEndpoints
{
    /// <summary>The name of an endpoint that is mapped once.</summary>
    public const string FindName = "FindMfaUsers";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/find", FindAsync).WithName(FindName)
            .WithSummary("Finds users by their id, and by whatever the application searches for.");
        group.MapPost("/status", StatusAsync).WithName("GetMfaStatusOfUser").WithSummary("Returns the status of a user's MFA.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/history", HistoryAsync).WithName("GetMfaHistoryOfUser")
            .WithSummary("Returns the last 32 audit events of a user, with reasons, the newest first.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/unlock", UnlockAsync).WithName("UnlockMfaOfUser").WithSummary("Ends waits and lockouts of a user.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/reset", ResetAsync).WithName("ResetMfaOfUser")
            .WithSummary("Removes a user's MFA. The user enrols again at the next sign-in, within 24 hours.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<FoundUsersResponse>> FindAsync(HttpContext context, FindRequest request, Administration administration) =>
        TypedResults.Ok(new FoundUsersResponse(await administration.FindAsync(context, request).ConfigureAwait(false)));

    private static async Task<Results<Ok<UserStatusResponse>, ProblemHttpResult>> StatusAsync(
        HttpContext context, UserRequest request, Administration administration) =>
        await administration.ReadAsync(context, request, UserStatusResponse.From).ConfigureAwait(false) is (var status, var problem)
        && status is not null
            ? TypedResults.Ok(status)
            : problem!;

    private static async Task<Results<Ok<HistoryResponse>, ProblemHttpResult>> HistoryAsync(
        HttpContext context, UserRequest request, Administration administration) =>
        await administration.ReadAsync(context, request, HistoryResponse.From).ConfigureAwait(false) is (var history, var problem)
        && history is not null
            ? TypedResults.Ok(history)
            : problem!;

    private static async Task<Results<NoContent, ProblemHttpResult>> UnlockAsync(
        HttpContext context, ReasonRequest request, Administration administration, MfaService mfa) =>
        await administration.ChangeAsync(context, request, "unlock", subject => mfa.UnlockAsync(subject, request.Reason!))
            .ConfigureAwait(false) is { } problem ? problem : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> ResetAsync(
        HttpContext context, ReasonRequest request, Administration administration, MfaService mfa) =>
        await administration.ChangeAsync(context, request, Administration.Reset, subject => mfa.ResetAsync(subject, request.Reason!))
            .ConfigureAwait(false) is { } problem ? problem : TypedResults.NoContent();
}
