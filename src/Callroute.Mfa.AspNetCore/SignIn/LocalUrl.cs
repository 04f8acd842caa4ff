using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recognises paths of this site.</summary>
internal static class LocalUrl
{
    /// <summary>Whether the text is a path of this site.</summary>
    /// <remarks>Browsers read "//host" and "/\host" as another host, and remove control characters first.</remarks>
    public static bool Is([NotNullWhen(true)] string? url) => url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl);
}
