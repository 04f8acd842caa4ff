using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>The portal without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Keyboard_Alone_SignsInAndDisables()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.SignOutAsync();
        await Assertions.Expect(ann.Page.GetByLabel("E-mail address")).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync(ann.Email);
        await TabToAsync(ann, ann.Page.GetByLabel("Password"));
        await ann.Page.Keyboard.TypeAsync(Person.Password);
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync("Two Factor Authentication");
        await Assertions.Expect(ann.Page.GetByLabel("Code")).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync(ann.NextCode());
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync("My profile");
        await TabToAsync(ann, ann.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }));
        await ann.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(ann.Page.Locator("main")).ToBeFocusedAsync();
        await TabToAsync(ann, ann.Page.GetByRole(AriaRole.Link, new() { Name = "Security", Exact = true }));
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.ReadsAsync("Recent security events");
        await ann.ScriptHasRunAsync();
        var mfa = ann.Page.GetByRole(AriaRole.Switch);

        await TabToAsync(ann, mfa);
        await ann.Page.Keyboard.PressAsync("Space");
        await ann.SeesAsync("Disable Multi-Factor Authentication?");
        await TabToAsync(ann, ann.Page.GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }));
        await ann.Page.Keyboard.PressAsync("Enter");

        await ann.ReadsAsync("MFA is now disabled.");
    }

    // From where the focus is to there, and wherever it stops one sees it.
    private static async Task TabToAsync(Person person, ILocator there)
    {
        for (var i = 0; i < 12 && !await there.EvaluateAsync<bool>("element => element === document.activeElement"); i++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            Assert.Equal(
                "solid 3px",
                await person.Page.EvaluateAsync<string>(
                    "(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`)(getComputedStyle(document.activeElement))"));
        }

        await Assertions.Expect(there).ToBeFocusedAsync();
    }
}
