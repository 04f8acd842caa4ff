using System.Globalization;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Creates the responses for refusals.</summary>
/// <remarks>
/// The response to a refused code does not contain the reason: not enrolled, locked out, wrong or used before. The exceptions are a wait,
/// and a server that cannot answer now.
/// </remarks>
internal static class Problems
{
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    // One regeneration of recovery codes is regained in this time.
    private static readonly TimeSpan RegainInterval = TimeSpan.FromHours(1);

    public static ProblemHttpResult SignInRequired => Problem(
        StatusCodes.Status401Unauthorized, "sign-in-required", "Sign in again.", "The session is not enough for this any more.");

    public static ProblemHttpResult AttemptMalformed => Problem(
        StatusCodes.Status400BadRequest, "attempt-malformed", "The attempt must be 32 lower-case hexadecimal digits.",
        field: "attempt");

    public static ProblemHttpResult Refused(HttpContext context, VerificationResult result) => result.UserMessage switch
    {
        UserMessage.TryLater => Unanswered(context, result.Cause),
        _ when result.RetryAfter is { } wait => Wait(context, wait),
        _ => Problem(StatusCodes.Status400BadRequest, "code-refused", "The code was not accepted.", CodeHelp, field: Code),
    };

    /// <summary>
    /// A change that was not made. If a recovery code was its proof, that code is used up: the response has its replacement.
    /// </summary>
    public static ProblemHttpResult Of(HttpContext context, MfaChangeOutcome outcome, VerificationResult? verification)
    {
        var problem = Describe(context, outcome, verification);
        ((MfaProblem)problem.ProblemDetails).Tokens = TokensResponse.Of(context);
        return problem;
    }

    private static ProblemHttpResult Describe(
        HttpContext context, MfaChangeOutcome outcome, VerificationResult? verification) => outcome switch
        {
            MfaChangeOutcome.ProofRefused when verification is { Succeeded: false } => Refused(context, verification),
            MfaChangeOutcome.ProofRequired or MfaChangeOutcome.ProofRefused => Problem(
                StatusCodes.Status403Forbidden, "code-required",
                "This change requires a code.",
                "Send the code that your authenticator app shows, or a recovery code.",
                verification?.ReplacementRecoveryCodes,
                Code),
            MfaChangeOutcome.SignInRequired => SignInRequired,
            MfaChangeOutcome.RequiredByPolicy => Problem(
                StatusCodes.Status409Conflict, "required-by-policy", "MFA is required, so it cannot be disabled."),
            MfaChangeOutcome.NotEnrolled => Problem(StatusCodes.Status404NotFound, "not-enrolled", "There is no MFA to change."),
            MfaChangeOutcome.NotFound => Problem(
                StatusCodes.Status404NotFound, "not-found",
                "There is no such authenticator, enrolment, device or set of recovery codes.", null,
                verification?.ReplacementRecoveryCodes),
            MfaChangeOutcome.Expired => Problem(StatusCodes.Status410Gone, "enrollment-ended", "The enrolment has ended. Begin again."),
            MfaChangeOutcome.WrongCode => Problem(
                StatusCodes.Status400BadRequest, "code-refused",
                "The code was not accepted.", "Enter the code that your authenticator app shows now.", field: Code),
            MfaChangeOutcome.LimitReached => Problem(
                StatusCodes.Status409Conflict, "limit-reached",
                "The maximum number of authenticators is reached. Replace one.", null, verification?.ReplacementRecoveryCodes),
            MfaChangeOutcome.LastAuthenticator => Problem(
                StatusCodes.Status409Conflict, "last-authenticator",
                "The last authenticator cannot be removed. Replace it, or disable MFA.", null, verification?.ReplacementRecoveryCodes),
            MfaChangeOutcome.Throttled => Throttled(context, verification?.ReplacementRecoveryCodes),
            _ => Busy(context, verification?.ReplacementRecoveryCodes),
        };

    private const string Code = "code";

    private const string CodeHelp = "Enter the code that your authenticator app shows now, or your whole recovery code.";

    private static ProblemHttpResult Wait(HttpContext context, TimeSpan wait)
    {
        RetryAfter(context, wait);
        return Problem(StatusCodes.Status429TooManyRequests, "code-refused", "The code was not accepted.", CodeHelp, field: Code);
    }

    private static ProblemHttpResult Unanswered(HttpContext context, Exception? cause)
    {
        if (cause is not null)
        {
            Log.CodeUnanswered(Log.Of(context), cause.GetType().FullName);
        }

        return Busy(context);
    }

    public static ProblemHttpResult Busy(HttpContext context, IssuedRecoveryCodes? issued = null)
    {
        RetryAfter(context, Shortly);
        return Problem(StatusCodes.Status503ServiceUnavailable, "unavailable", "This cannot be answered now. Try again.", null, issued);
    }

    private static ProblemHttpResult Throttled(HttpContext context, IssuedRecoveryCodes? issued)
    {
        RetryAfter(context, RegainInterval);
        return Problem(
            StatusCodes.Status429TooManyRequests, "throttled", "New recovery codes were made too often. Wait an hour.", null, issued);
    }

    private static void RetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static ProblemHttpResult Problem(
        int status, string reason, string title, string? detail = null, IssuedRecoveryCodes? issued = null, string? field = null) =>
        TypedResults.Problem(new MfaProblem
        {
            Status = status,
            Type = TypeOf(reason),
            Title = title,
            Detail = detail,
            Reason = reason,
            Errors = field is null ? null : new Dictionary<string, string[]> { [field] = [detail ?? title] },
            RecoveryCodes = RecoveryCodesResponse.From(issued),
        });

    public static string TypeOf(string reason) => $"urn:callroute:mfa:{reason}";
}
