using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>
/// Pictures of the pages for docs/portal.md: taken where <c>CALLROUTE_PORTAL_PICTURES</c> names a folder, relative to the repository.
/// </summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CALLROUTE_PORTAL_PICTURES");

    public static async Task TakeAsync(IPage page, string name, string screen, ColorScheme scheme)
    {
        if (Folder is { Length: > 0 })
        {
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Repository.Root, Folder, $"{name}-{screen}-{scheme.ToString().ToLowerInvariant()}.png"),
                FullPage = true,
                Caret = ScreenshotCaret.Hide,
            });
        }
    }
}
