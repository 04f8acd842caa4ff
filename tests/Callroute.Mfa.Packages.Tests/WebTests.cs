using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>The program of docs/getting-started/web.md, with the packed packages.</summary>
public sealed partial class WebTests(PackedFeed feed)
{
    private static readonly string[] OfTheTemplate =
    [
        "var builder = WebApplication.CreateBuilder(args);", "var app = builder.Build();",
        """app.MapGet("/", () => "Hello World!");""", "app.Run();",
    ];

    private string _page = string.Empty;

    [GeneratedRegex("(?:href|src)=\"([^\"]+[.](?:css|js))\"")]
    private static partial Regex Asset { get; }

    [GeneratedRegex("href=\"(otpauth:[^\"]+)\"")]
    private static partial Regex Link { get; }

    [GeneratedRegex("name=\"enrollment\" value=\"([^\"]+)\"")]
    private static partial Regex Enrollment { get; }

    [GeneratedRegex("name=\"attempt\" value=\"([^\"]+)\"")]
    private static partial Regex Attempt { get; }

    [Fact]
    public void Program_LinesOfItsOwn_AreAtMostFifteen()
    {
        const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var lines = Repository.Read("samples/Web/Program.cs").Split('\n', Trimmed);
        var own = lines.Where(line => line is not ("{" or "}") && !line.StartsWith("using ", StringComparison.Ordinal)).ToList();
        Assert.All(OfTheTemplate, line => Assert.True(own.Remove(line), line));

        Assert.InRange(own.Count, 1, 15);
    }

    [Fact]
    public async Task Program_Published_SetsUpAndSignsInWithStyleAndScript()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Publishing is tested on Linux.");
        feed.AddSample("Web");
        using var host = await WebHost.StartAsync(feed.Publish("Web"), feed.NewFolder());
        using var client = new CookieClient(host.Address) { Accept = "text/html" };

        await SubmitAsync(client, "/login", ("password", "correct horse"));
        var setUp = await SubmitAsync(client, "/security/set-up");
        using var phone = VirtualAuthenticator.Scan(WebUtility.HtmlDecode(Link.Match(setUp).Groups[1].Value), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var codes = await SubmitAsync(
            client, "/security/set-up/verify", ("enrollment", Enrollment.Match(setUp).Groups[1].Value), ("code", phone.GetCodeAt(now)));
        Assert.Contains("I have saved my recovery code", codes, StringComparison.Ordinal);
        foreach (Match asset in Asset.Matches(codes))
        {
            using var file = await client.GetAsync(asset.Groups[1].Value);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Matches("^text/(css|javascript)$", file.Content.Headers.ContentType!.MediaType);
        }

        await SubmitAsync(client, "/security/recovery-codes");
        client.ForgetCookies();
        var signIn = await SubmitAsync(client, "/login", ("password", "correct horse"));
        Assert.Contains("Two Factor Authentication", signIn, StringComparison.Ordinal);
        var security = await SubmitAsync(client, "/security/sign-in", ("code", phone.GetCodeAt(now.AddSeconds(30))));
        Assert.Contains("Enabled. You are asked for a code", security, StringComparison.Ordinal);
        Assert.Equal(2, Asset.Count(security));
    }

    /// <summary>Sends a form of the last page, and returns the page that it leads to.</summary>
    private async Task<string> SubmitAsync(CookieClient client, string path, params (string Name, string Value)[] fields)
    {
        (string Name, string Value) attempt = ("attempt", Attempt.Match(_page).Groups[1].Value);
        using var content = new FormUrlEncodedContent(fields.Append(attempt).Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await client.PostAsync(path, content);
        Assert.True(answer.Headers.Location is not null, $"{path}: {(int)answer.StatusCode}");
        using var page = await client.GetAsync(answer.Headers.Location.OriginalString);
        return _page = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
