using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>The answer to a code, for Identity's pages and endpoints.</summary>
/// <param name="Reason">Why the code was refused, such as <c>MfaWrongCode</c>; null if it was accepted.</param>
/// <param name="RetryAfter">The wait before a code can be accepted, if it is known.</param>
/// <param name="IsWait">Whether another code would not help now: wait, or use another way.</param>
internal sealed record CodeAnswer(string? Reason, TimeSpan? RetryAfter = null, bool IsWait = false)
{
    public static CodeAnswer Accepted { get; } = new((string?)null);

    public bool IsAccepted => Reason is null;

    public static CodeAnswer Of(VerificationResult result) => result.Succeeded
        ? Accepted
        : new(
            $"Mfa{result.Reason}",
            result.RetryAfter,
            result.Reason is RefusalReason.Throttled or RefusalReason.LockedOut or RefusalReason.ClockBehind or RefusalReason.Busy
                or RefusalReason.Unavailable);

    public static CodeAnswer Of(MfaChangeOutcome outcome) => outcome == MfaChangeOutcome.Succeeded ? Accepted : new($"Mfa{outcome}");

    /// <summary>Tells the wait to every client, also where a page of Identity makes the response.</summary>
    public void WriteRetryAfter(HttpContext? context)
    {
        if (RetryAfter is { } wait && context is { Response.HasStarted: false })
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}
