using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>
/// The answer to a code, for Identity's pages and endpoints. MapIdentityApi puts the text into the detail of its problem.
/// </summary>
internal sealed class CodeAnswer : SignInResult
{
    /// <param name="reason">Why the code was refused, such as <c>MfaWrongCode</c>; null if it was accepted.</param>
    /// <param name="isWait">Whether the page must say why, instead of asking for the code again.</param>
    /// <param name="retryAfter">The wait before a code can be accepted, if it is known.</param>
    public CodeAnswer(string? reason, bool isWait = false, TimeSpan? retryAfter = null) =>
        (Reason, Succeeded, IsLockedOut, RetryAfter) = (reason, reason is null, isWait, retryAfter);

    public static CodeAnswer Accepted { get; } = new(null);

    public string? Reason { get; }

    public TimeSpan? RetryAfter { get; }

    public static CodeAnswer Of(VerificationResult result) => result.Succeeded
        ? Accepted
        : new(
            $"Mfa{result.Reason}",
            result.Reason is RefusalReason.Throttled or RefusalReason.LockedOut or RefusalReason.ClockBehind or RefusalReason.Busy
                or RefusalReason.Unavailable,
            result.RetryAfter);

    /// <summary>Tells the wait to every client, also where a page of Identity makes the response.</summary>
    public void WriteRetryAfter(HttpContext? context)
    {
        if (RetryAfter is { } wait && context is { Response.HasStarted: false })
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    public override string ToString() => Reason ?? base.ToString();
}
