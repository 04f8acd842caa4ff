using System.Text.Json;
using Callroute.Mfa.AspNetCore.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Tests.Endpoints;

public sealed class OpenApiTests : SiteTest
{
    private static readonly string Snapshot = Path.Combine(Repository.Root, "docs", "openapi.json");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Document_OfTheSample_IsTheOneInTheDocs()
    {
        var document = await Browser.ReadAsync("/openapi/v1.json");
        var text = $"{JsonSerializer.Serialize(document, Indented)}\n";
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(Snapshot, text, Token);
        }

        Assert.True(
            text == await File.ReadAllTextAsync(Snapshot, Token),
            "The document changed. Set CALLROUTE_UPDATE_SNAPSHOTS=1, run this test again and look at the difference in docs/openapi.json.");
    }

    // A code or a key in a path or a query would appear in logs and browser histories.
    [Fact]
    public void Document_EveryParameter_IsAnIdInThePath()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Snapshot));
        var parameters = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(operation => operation.Value.TryGetProperty("parameters", out var named) ? named.EnumerateArray().ToArray() : [])
            .Select(parameter => (parameter.GetProperty("in").GetString(), parameter.GetProperty("name").GetString()))
            .Distinct().Order();

        Assert.Equal([("path", "authenticatorId"), ("path", "deviceId"), ("path", "enrollmentId"), ("path", "setId")], parameters);
    }
}
