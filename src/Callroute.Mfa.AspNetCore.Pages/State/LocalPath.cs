namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Recognises paths of this site.</summary>
internal static class LocalPath
{
    /// <returns>The path; null if it is none. Browsers read "//host" and "/\host" as another host, and drop control characters.</returns>
    public static string? Check(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) ? url : null;
}
