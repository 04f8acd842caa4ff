using System.Globalization;

namespace Callroute.Portal;

/// <summary>What the next page says, once. It is in a cookie that only the portal can write, and not in the address.</summary>
internal sealed record News(string Key, int Seconds = 0)
{
    private const string CookieName = "__Host-portal-news";
    private static readonly CookieOptions Cookie = new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax };

    public static void Leave(HttpContext context, News news) =>
        context.Response.Cookies.Append(CookieName, $"{news.Key}.{news.Seconds}", Cookie);

    public static string? Take(HttpContext context)
    {
        if (context.Request.Cookies[CookieName]?.Split('.') is not [var key, var seconds])
        {
            return null;
        }

        context.Response.Cookies.Delete(CookieName, Cookie);
        if (key == "TooMany")
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = int.Parse(seconds, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        return key switch
        {
            "WrongPassword" => "The e-mail address or the password is not right.",
            "TooMany" => $"Too many passwords were tried, so this one was not looked at. Please try again in {seconds} seconds, or in a "
                + "browser in which you have signed in before.",
            "NotNow" => "We cannot sign you in right now. Please try again in a moment, and ask an administrator if that does not help.",
            "Taken" => "That e-mail address has an account already. Sign in instead.",
            _ => "Enter your name, an e-mail address such as ann@example.com, and a password of 12 to 128 characters.",
        };
    }
}
