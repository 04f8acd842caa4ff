using System.Net;
using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What the Portal's administrator does for others, and nobody else.</summary>
public sealed class AdministrationPageTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Page = "/profile/security/administration";
    private const string Reason = "Lost phone, called back at the desk";

    [Fact]
    public async Task Unlock_UserLockedOut_SignsInThen()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.Window.ClearCookiesAsync();
        await LockOutAsync(ann);
        var admin = await ArriveAsAdministratorAsync();

        await FindAsync(admin, ann);
        await admin.ReadsAsync("Locked out");
        await admin.CheckAsync("administration-user");
        await ChangeAsync(admin, "Unlock");
        await admin.ReadsAsync("Waits and lockouts of this user have ended.");
        await Assertions.Expect(admin.Page.GetByText("Locked out", new() { Exact = true })).ToHaveCountAsync(0);
        await ann.EnterCodeAsync(ann.NextCode());

        await ann.SeesAsync("My profile");
        Assert.Empty(admin.Complaints);
    }

    [Fact]
    public async Task Reset_WithoutScript_LeadsToSettingUpAnewAndEndsSessions()
    {
        var ann = await ArriveWithMfaAsync();
        var thief = await ArriveAgainAsync(ann);
        await thief.SignInAsync(ann.NextCode());
        await thief.SeesAsync("My profile");
        var admin = await ArriveAsAdministratorAsync(hasScript: false);

        await FindAsync(admin, ann);
        await ChangeAsync(admin, "Reset");
        await admin.ReadsAsync("Multi-Factor Authentication of this user is reset.");
        await admin.ReadsAsync($"admin@example.com: {Reason}");
        await ann.EnterPasswordAsync();
        await ann.ReadsAsync("your organisation requires it, or an administrator has reset yours");
        await ann.CheckAsync("must-set-up");
        await ann.SetUpAnewAsync();

        await ann.ReadsAsync("You have successfully enabled MFA for your account.");
        await ann.ReadsAsync("Multi-Factor Authentication reset by an administrator");
        await thief.GoToAsync("/profile");
        await thief.SeesAsync("Sign in");
    }

    [Fact]
    public async Task Pages_OfAnotherUser_AnswerNothingBut403()
    {
        var admin = await ArriveAsAdministratorAsync();
        await FindAsync(admin, admin);
        var user = new Uri(admin.Page.Url).AbsolutePath;
        var ann = await ArriveWithMfaAsync();
        await Assertions.Expect(ann.Link("Administration")).ToHaveCountAsync(0);

        foreach (var path in (string[])[Page, user, $"{user}/unlock", $"{user}/reset"])
        {
            Assert.Equal(403, (await ann.GoToAsync(path))!.Status);
            await ann.SeesAsync("No access");
            Assert.Contains(await PostAsync(ann, path), (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.MethodNotAllowed]);
        }

        await ann.CheckAsync("no-access");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(ann, "/administration/reset", new { userId = "x", reason = Reason }));
    }

    [Fact]
    public async Task Pages_WithoutMfaOrWithAnOldCode_AskForACode()
    {
        var admin = await ArriveAsync("admin");
        await admin.RegisterAsync();
        await admin.FollowAsync("Administration");
        await admin.ReadsAsync(admin.Alert, "Multi-Factor Authentication is not enabled.");
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(admin, "/administration/find", new { text = "x" }));
        await admin.EnableMfaAsync();

        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await admin.FollowAsync("Administration");
        await admin.SeesAsync("Verify that it is you");
        await admin.EnterCodeAsync(admin.NextCode());

        await admin.SeesAsync("Administration");
    }

    [Fact]
    public async Task Pages_OfAdministration_AreAccessibleAndKeptByNobody()
    {
        var ann = await ArriveWithMfaAsync();
        var admin = await ArriveAsAdministratorAsync();
        List<IResponse> answers = [];
        admin.Page.Response += (_, answer) => answers.Add(answer);

        await admin.FollowAsync("Administration");
        await admin.CheckAsync("administration");
        await admin.FillAsync("User, such as an e-mail address", "nobody@example.com");
        await admin.ClickAsync("Find");
        await admin.ReadsAsync("No user was found.");
        await FindAsync(admin, ann);
        await admin.Page.GoBackAsync();
        await admin.CheckAsync("administration-found");
        await admin.FollowAsync(ann.Email);
        await admin.FollowAsync("Reset");
        await admin.CheckAsync("administration-reset");
        await admin.FillAsync("Reason", " ");
        await admin.ClickAsync("Reset");
        await admin.ReadsAsync(admin.Alert, "Give a reason");
        await admin.CheckAsync("administration-refused");
        await admin.FillAsync("Reason", new string('W', 150));
        await admin.ClickAsync("Reset");
        await admin.CheckAsync("administration-reset-done");

        Assert.All(answers, answer => Assert.DoesNotContain("ann", answer.Url, StringComparison.Ordinal));
        Assert.All(answers.Where(answer => answer.Request.Method == "POST"), answer => Assert.Equal(303, answer.Status));
        Assert.Empty(admin.Complaints);
    }

    private async Task<Person> ArriveAsAdministratorAsync(bool hasScript = true)
    {
        var admin = await ArriveAsync("admin", hasScript);
        await admin.RegisterWithMfaAsync();
        return admin;
    }

    private static async Task FindAsync(Person admin, Person user)
    {
        await admin.FollowAsync("Administration");
        await admin.FillAsync("User, such as an e-mail address", user.Email);
        await admin.ClickAsync("Find");
        await admin.FollowAsync(user.Email);
        await admin.SeesAsync(user.Email);
    }

    private static async Task ChangeAsync(Person admin, string change)
    {
        await admin.FollowAsync(change);
        await admin.FillAsync("Reason", Reason);
        await admin.ClickAsync(change);
    }

    private static async Task<HttpStatusCode> PostAsync(Person person, string path, object? body = null) =>
        (HttpStatusCode)(await person.Window.APIRequest.PostAsync(path, new() { DataObject = body ?? new { } })).Status;
}
