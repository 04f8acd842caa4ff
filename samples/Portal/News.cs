namespace Callroute.Portal;

/// <summary>What the next page says, once. It is in a cookie that only the portal can write, and not in the address.</summary>
internal static class News
{
    private const string CookieName = "__Host-portal-news";
    private static readonly CookieOptions Cookie = new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax };

    public static void Leave(HttpContext context, string key) => context.Response.Cookies.Append(CookieName, key, Cookie);

    public static string? Take(HttpContext context)
    {
        var key = context.Request.Cookies[CookieName];
        context.Response.Cookies.Delete(CookieName, Cookie);
        if (int.TryParse(key, out var seconds))
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (StatusCodes.Status429TooManyRequests, key);
        }

        return key switch
        {
            null => null,
            "WrongPassword" => "The e-mail address or the password is not right.",
            "NotNow" => "We cannot sign you in right now. Please try again in a moment, and ask an administrator if that does not help.",
            "Taken" => "That e-mail address has an account already. Sign in instead.",
            "Incomplete" => "Enter your name, an e-mail address such as ann@example.com, and a password of 12 to 128 characters.",
            _ => $"Too many passwords were tried. Try again in {seconds} s, or in a browser in which you have signed in before.",
        };
    }
}
