using System.Net;
using System.Text.Json;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class KnownDeviceCookieTests : SiteTest
{
    private const string Attributes = "; path=/; secure; samesite=lax; httponly";

    [Theory]
    [InlineData(null, 7_776_000)]
    [InlineData("7.00:00:00", 604_800)]
    public async Task Cookie_OfAFirstEnrollment_IsHostOnlyAndNamesNobody(string? lifetime, int seconds)
    {
        if (lifetime is not null)
        {
            Site.Set("Callroute:Mfa:KnownDeviceLifetime", lifetime);
        }

        await Browser.LogInAsync();
        var (phone, path) = await Browser.ScanAsync();

        var response = await Browser.PostAsync($"{path}/confirm", new { code = phone.GetCode() });

        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Browser.DevicePrefix, StringComparison.Ordinal));
        Assert.Matches($"^__Host-callroute-mfa-device-[0-9a-f]{{16}}=[0-9A-Za-z_-]{{50,400}}; max-age={seconds}{Attributes}$", cookie);
    }

    [Fact]
    public async Task Cookie_AcceptedCode_RenewsItAndSignOutKeepsIt()
    {
        var (phone, _) = await Browser.EnrollAsync();
        List<string> tokens = [Browser.DeviceCookies().Single().Value];
        await Browser.LogInAsync();
        await Browser.ReadAsync(await Browser.VerifyAsync(phone.GetCode()));
        tokens.Add(Browser.DeviceCookies().Single().Value);

        foreach (var path in new[] { "step-up", "recovery-codes", "enrollments" })
        {
            Site.Clock.Advance(TimeSpan.FromSeconds(30));
            await Browser.SubmitAsync($"/mfa/{path}", new { code = phone.GetCode() });
            tokens.Add(Browser.DeviceCookies().Single().Value);
        }

        await Browser.PostAsync("/logout");
        Assert.Equal(5, tokens.Distinct().Count());
        Assert.Equal(tokens[^1], Browser.DeviceCookies().Single().Value);
        Assert.Single((await Site.Mfa.GetStatusAsync(Ann, Token)).KnownDevices);
    }

    [Fact]
    public async Task Cookie_TwoUsersInOneBrowser_AreKnownApart()
    {
        await Browser.EnrollAsync();
        await Browser.LogInAsBobAsync();
        await Browser.BindAsync();

        Assert.Equal(2, Browser.DeviceCookies().Length);
        await AssertWrongCodesCountAsync(Browser, KnownDevices);
    }

    [Theory]
    [InlineData("bob's")]
    [InlineData("altered")]
    [InlineData("no Base64url %")]
    [InlineData("")]
    public async Task Cookie_ForgedOrOfAnotherUser_IsAnUnknownDevice(string forgery)
    {
        var (phone, _) = await Browser.EnrollAsync();
        var own = Browser.DeviceCookies().Single();
        await Other.LogInAsBobAsync();
        await Other.BindAsync();
        Other.Keep(own.Name, forgery switch
        {
            "bob's" => Other.DeviceCookies().Single().Value,
            "altered" => $"{own.Value[..^3]}{(own.Value[^3] == 'A' ? 'B' : 'A')}{own.Value[^2..]}",
            _ => Uri.EscapeDataString(forgery),
        });

        await AssertWrongCodesCountAsync(Other, UnknownDevices);
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
    }

    [Fact]
    public async Task Cookie_MoreThanEightUsers_RemovesTheOldest()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{Browser.DevicePrefix}{i:x16}")];
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = string.Join("; ", names.Prepend("session").Select(name => $"{name}=token"));

        new KnownDeviceCookie(Options.Create(new MfaOptions()), Options.Create(new MfaSignInOptions())).Write(context, Ann, "token");

        var (written, removed) = (context.Response.Headers.SetCookie[0]!, context.Response.Headers.SetCookie.Skip(1));
        Assert.StartsWith(Browser.DevicePrefix, written, StringComparison.Ordinal);
        Assert.Equal(names[..3], removed.Select(cookie => cookie!.Split('=')[0]));
        Assert.All(removed, cookie => Assert.EndsWith(
            $"=; expires=Thu, 01 Jan 1970 00:00:00 GMT{Attributes}", cookie, StringComparison.Ordinal));
    }

    // "a" + "bc" and "ab" + "c", and a tenant that looks like the length of none.
    [Fact]
    public void Cookie_Subjects_DoNotShareAName()
    {
        MfaSubject[] subjects = [new("abc"), new("bc", "a"), new("c", "ab"), new("0:abc"), new("bc", "0:a"), new("ABC")];

        var names = subjects.Select(subject =>
        {
            var context = new DefaultHttpContext();
            new KnownDeviceCookie(Options.Create(new MfaOptions()), Options.Create(new MfaSignInOptions()))
                .Write(context, subject, "token");
            return context.Response.Headers.SetCookie[0]!.Split('=')[0];
        });

        Assert.Equal(subjects.Length, names.Distinct().Count());
    }

    [Theory]
    [InlineData("/mfa/challenge/verify", false)]
    [InlineData("/mfa/step-up", true)]
    [InlineData("/mfa/recovery-codes", true)]
    public async Task Failures_OfTheSameAttempt_AreGivenBackAtSignInOnly(string path, bool isUsedUp)
    {
        Site.Set("Callroute:Mfa:TotpThrottle:FailureAllowance", "2");
        var (phone, _) = await Browser.SignInWithMfaAsync();

        await FailAndSucceedAsync(phone, path);
        await FailAndSucceedAsync(phone, path);

        var events = (await Site.Mfa.GetStatusAsync(Ann, Token)).RecentEvents;
        Assert.Equal(isUsedUp, events.Any(happened => happened.Kind == MfaEventKind.AllowanceUsedUp));
    }

    [Fact]
    public async Task Revocation_OfOneDeviceOrAll_MakesThemUnknown()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        await Other.LogInAsync();
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
        var devices = (await Browser.ReadAsync("/mfa")).GetProperty("knownDevices").EnumerateArray().ToArray();
        Assert.Equal(2, devices.Length);
        Assert.Equal([0, 30], devices.Select(SecondsSinceUse));

        // The device that was used last is the other browser.
        await Browser.SubmitAsync($"/mfa/known-devices/{devices[0].GetProperty("id")}/revoke");
        await Browser.FailAsync(HttpStatusCode.NotFound, $"/mfa/known-devices/{Guid.NewGuid()}/revoke");

        await AssertWrongCodesCountAsync(Other, UnknownDevices);
        await Browser.SubmitAsync("/mfa/known-devices/revoke");
        Assert.Empty((await Browser.ReadAsync("/mfa")).GetProperty("knownDevices").EnumerateArray());
    }

    private static FactorStatus KnownDevices(MfaStatus status) => status.TotpOnKnownDevices;

    private static FactorStatus UnknownDevices(MfaStatus status) => status.TotpOnUnknownDevices;

    private async Task AssertWrongCodesCountAsync(Browser browser, Func<MfaStatus, FactorStatus> group)
    {
        await browser.LogInAsync();
        await browser.VerifyAsync("000000");

        Assert.Equal(1, group(await Site.Mfa.GetStatusAsync(Ann, Token)).ConsecutiveFailures);
    }

    private async Task FailAndSucceedAsync(VirtualAuthenticator phone, string path)
    {
        if (path.Contains("challenge", StringComparison.Ordinal))
        {
            await Browser.LogInAsync();
        }

        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        var attempt = $"{Guid.NewGuid():N}";
        await Browser.PostAsync(path, new { code = Browser.WrongCodeFor(phone), attempt });
        await Browser.SubmitAsync(path, new { code = phone.GetCode(), attempt });
    }

    private int SecondsSinceUse(JsonElement device) =>
        (int)(Site.Clock.GetUtcNow() - device.GetProperty("lastUsedAt").GetDateTimeOffset()).TotalSeconds;
}
