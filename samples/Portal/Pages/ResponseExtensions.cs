using System.Globalization;

namespace Callroute.Portal.Pages;

internal static class ResponseExtensions
{
    /// <summary>For programs, which do not read the page.</summary>
    public static void TellToWait(this HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
