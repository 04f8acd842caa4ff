namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Recognises paths of this site.</summary>
internal static class LocalPath
{
    // Browsers drop a cookie of more than 4,096 bytes: a path goes into one beside recovery codes, encrypted and encoded.
    private const int MaximumSize = 2000;

    /// <returns>The path; null if it is none, or too long for a cookie.</returns>
    /// <remarks>Browsers read "//host" and "/\host" as another host, and drop control characters.</remarks>
    public static string? Check(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) && Uri.EscapeDataString(url).Length <= MaximumSize
            ? url
            : null;
}
