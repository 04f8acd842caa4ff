using System.Net;
using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What another site can make a signed-in user's browser do.</summary>
public sealed class CrossSiteTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Form_OfAnotherOrigin_ChangesNothing(string host)
    {
        var ann = await ArriveSignedInByCodeAsync();
        await using var attacker = await ServeAsync(
            $"<form method=post action='{Portal.Address}profile/security/disable'></form><script>document.forms[0].submit()</script>");

        var answer = await ann.Page.RunAndWaitForResponseAsync(
            () => ann.Page.GotoAsync(AddressOf(attacker, host)), "**/profile/security/disable");

        Assert.Equal(403, answer.Status);
        await ann.OpenSecurityAsync();
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Switch)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Page_InAFrameOfAnotherSite_IsNotShown()
    {
        var ann = await ArriveWithMfaAsync();
        await using var attacker = await ServeAsync($"<iframe src='{Portal.Address}signin'></iframe>");

        await ann.Page.GotoAsync(AddressOf(attacker, "localhost"));

        Assert.Contains(ann.Complaints, text => text.Contains("frame-ancestors", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-origin", "https://elsewhere.example", HttpStatusCode.Redirect)]
    [InlineData("none", null, HttpStatusCode.Redirect)]
    [InlineData(null, "https://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "null", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Redirect)]
    public async Task Post_BySecFetchSiteAndOrigin_IsAnswered(string? site, string? origin, HttpStatusCode expected)
    {
        using var client = new Browserless(Portal.Address);
        (string Name, string? Value)[] headers = [("Sec-Fetch-Site", site), ("Origin", origin)];

        using var answer = await client.SendAsync(
            HttpMethod.Post,
            "/signout",
            [],
            [.. headers.Where(header => header.Value is not null).Select(header => (header.Name, header.Value!))]);

        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<WebApplication> ServeAsync(string html)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/", () => Results.Content(html, "text/html"));
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static string AddressOf(WebApplication site, string host) => new UriBuilder(site.Urls.Single()) { Host = host }.Uri.ToString();
}
