using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Creates the responses for refusals to administrators.</summary>
internal static class AdministrationProblems
{
    public static ProblemHttpResult NotFound => Problems.Problem(
        StatusCodes.Status404NotFound, "user-not-found", "There is no such user, or not in your tenant.");

    public static ProblemHttpResult OwnAccount => Problems.Problem(
        StatusCodes.Status403Forbidden, "own-account", "Nobody unlocks or resets their own account. Ask another administrator.");

    public static ProblemHttpResult NotAdministrator => Problems.Problem(
        StatusCodes.Status403Forbidden, "not-administrator", "Only an administrator who has verified a code recently may do this.");

    public static ProblemHttpResult NotOneUser => Problems.Problem(
        StatusCodes.Status403Forbidden, "not-one-user", "The session must have the id and the tenant of one user.");

    public static ProblemHttpResult Unreadable => Problems.Problem(
        StatusCodes.Status409Conflict, "record-unreadable", "The user's record cannot be read.", "A reset repairs it.");

    public static ProblemHttpResult ReasonRefused(string detail) => Problems.Problem(
        StatusCodes.Status400BadRequest, "reason-refused", "The reason was not accepted.", detail);

    public static ProblemHttpResult Of(HttpContext context, MfaChangeOutcome outcome) => outcome == MfaChangeOutcome.LockedOut
        ? Problems.Problem(
            StatusCodes.Status409Conflict,
            "locked-out",
            "A factor stays locked out, because it has failed 100 times in a row. All other waits have ended.",
            "The user binds a new authenticator or makes new recovery codes with the other factor. Otherwise, reset the user.")
        : Problems.Of(context, outcome, verification: null);
}
