using System.Text.Json;

namespace Callroute.Mfa.Tests.AspNetCore;

public sealed class OpenApiTests
{
    private static readonly string Snapshot = Path.Combine(Repository.Root, "docs", "openapi.json");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Document_OfTheSample_IsTheOneInTheDocs()
    {
        using var site = new Site();
        using var browser = site.Open();
        var document = await Browser.ReadAsync(await browser.GetAsync("/openapi/v1.json"));
        var text = $"{JsonSerializer.Serialize(document, Indented)}\n";
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(Snapshot, text, TestContext.Current.CancellationToken);
        }

        Assert.True(text == await File.ReadAllTextAsync(Snapshot, TestContext.Current.CancellationToken), "The document changed. Set CALLROUTE_UPDATE_SNAPSHOTS=1, run this test again and look at the difference in docs/openapi.json.");
    }
}
