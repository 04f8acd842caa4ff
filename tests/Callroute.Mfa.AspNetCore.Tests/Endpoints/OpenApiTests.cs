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

    // Generated clients show these texts where a developer writes the call. A reference has the text of what it refers to.
    [Fact]
    public async Task Document_EveryPropertyOfTheLibrary_IsDescribed()
    {
        Site.Map(endpoints => endpoints.MapMfaAdministration("/administration", "mfa"));
        var schemas = (await Browser.ReadAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        var bare = from schema in schemas.EnumerateObject()
                   where schema.Name is not ("Login" or "Answer" or "Page" or "ProblemDetails")
                   where schema.Value.TryGetProperty("properties", out _)
                   from property in schema.Value.GetProperty("properties").EnumerateObject()
                   where schema.Name != "MfaProblem" || property.Name is "reason" or "errors" // The others are those of RFC 9457.
                   where !property.Value.TryGetProperty("$ref", out _) && !property.Value.TryGetProperty("oneOf", out _)
                   where !property.Value.TryGetProperty("description", out _)
                   select $"{schema.Name}.{property.Name}";

        Assert.Contains(schemas.EnumerateObject(), schema => schema.Name == "ReasonRequest");
        Assert.Empty(bare);
    }
}
