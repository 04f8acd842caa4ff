using System.Net;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests;

public sealed class MinimalApiTests(PackedFeed feed)
{
    [Fact]
    public async Task MinimalApi_Trimmed_PublishesWithoutWarningsAndServes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Publishing is tested on Linux.");
        feed.AddSample("MinimalApi");
        var program = feed.Publish("MinimalApi", "-p:PublishTrimmed=true", "-p:TrimMode=full");
        using var host = await WebHost.StartAsync(program, feed.NewFolder());
        using var client = new CookieClient(host.Address);
        var ann = new { name = "ann", password = "correct horse" };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
        Assert.Equal("SignedIn", await LogInAsync(client, ann));
        var offer = await client.PostAndReadAsync("/mfa/enrollments", new { name = "phone" });
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        Assert.StartsWith("<svg", offer.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        await client.PostAndReadAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = phone.GetCodeAt(now) });

        client.ForgetCookies();
        Assert.Equal("CodeRequired", await LogInAsync(client, ann));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/orders")).StatusCode);
        await client.PostAndReadAsync("/mfa/challenge/verify", new { code = phone.GetCodeAt(now.AddSeconds(30)) });
        var orders = await (await client.GetAsync("/orders")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("For users who have passed MFA.", orders, StringComparison.Ordinal);
    }

    private static async Task<string?> LogInAsync(CookieClient client, object user) =>
        (await client.PostAndReadAsync("/login", user)).GetProperty("next").GetString();
}
