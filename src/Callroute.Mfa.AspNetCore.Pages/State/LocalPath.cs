namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Takes an address to go on with from a form or a link.</summary>
internal static class LocalPath
{
    // A path is kept in a cookie, together with up to 16 recovery codes. Browsers drop a cookie of more than 4,096 bytes.
    private const int MaximumSize = 2000;

    /// <returns>The path; null if it is none, or too long for a cookie.</returns>
    public static string? Check(string? url) => LocalUrl.Is(url) && Uri.EscapeDataString(url).Length <= MaximumSize ? url : null;
}
