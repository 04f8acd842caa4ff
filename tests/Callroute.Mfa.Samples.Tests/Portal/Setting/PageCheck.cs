using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>Looks at a page as it is now: on a desktop and on a phone, in the light and in the dark.</summary>
internal static class PageCheck
{
    private static readonly (int Width, int Height, string Name)[] Screens = [(1280, 800, "desktop"), (320, 740, "phone")];

    // In the dark only the colours are others. What passes is not told of, which is most of what there would be to send.
    private static readonly (ColorScheme Scheme, AxeRunOptions Rules)[] Schemes =
    [
        (ColorScheme.Light, new() { ResultTypes = [ResultType.Violations] }),
        (ColorScheme.Dark,
            new() { ResultTypes = [ResultType.Violations], RunOnly = new RunOnlyOptions { Type = "tag", Values = ["cat.color"] } }),
    ];

    /// <summary>Nothing is wider than the screen, and axe finds nothing; takes the page's pictures.</summary>
    public static async Task CheckAsync(this Person person, string name)
    {
        foreach (var (width, height, screen) in Screens)
        {
            await person.Page.SetViewportSizeAsync(width, height);
            Assert.True(
                await person.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"{name} is wider than {width} px.");
            foreach (var (scheme, rules) in Schemes)
            {
                await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var found = await person.Page.RunAxe(rules);
                var faults = found.Violations.Select(fault =>
                    $"{fault.Id}: {fault.Help} ({string.Join(", ", fault.Nodes.Select(node => node.Html))})");
                Assert.True(found.Violations.Length == 0, $"{name}, {scheme}, {width} px: {string.Join("; ", faults)}");
                await Pictures.TakeAsync(person.Page, name, screen, scheme);
            }
        }
    }
}
