using System.Text.Json;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ExportTests
{
    [Fact]
    public async Task ExportAsync_Record_IsJsonWithoutSecretsOrHashes()
    {
        var scenario = new Scenario();
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.VerifyAsync(phone.GetCode());

        var export = await scenario.ExportAsync();

        using var json = JsonDocument.Parse(export!);
        Assert.Equal("user-1", json.RootElement.GetProperty("subject").GetProperty("userId").GetString());
        Assert.True(json.RootElement.GetProperty("mfa").GetProperty("isEnabled").GetBoolean());
        Assert.DoesNotContain("probe$", export, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(codes!.Reveal()[0], export, StringComparison.Ordinal);
    }
}
