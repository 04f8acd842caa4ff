namespace Callroute.Mfa.Packages.Tests.Templates;

public sealed class ProbeTests(PackedFeed feed)
{
    [Theory]
    [InlineData("webapp", Database.Sqlite)]
    [InlineData("blazor", Database.PostgreSql)]
    public async Task Stock(string template, string engine)
    {
        await using var site = await TemplateSite.StartAsync(feed, template, engine, isStock: true);
        using var ann = new Visitor(site, "ann");
        await ann.RegisterAsync();
        await ann.EnterPasswordAsync();
        await ann.ReadClaimsAsync();
        var codes = await ann.EnrollAsync();
        Assert.Equal(10, codes.Length);
        var code = await ann.NextCodeAsync();
        Assert.Equal("/", (await ann.SignInAsync(code)).Address.AbsolutePath);
        Assert.Equal("/", (await ann.SignInAsync(code)).Address.AbsolutePath);
        Assert.Equal("/", (await ann.RecoverAsync(codes[0])).Address.AbsolutePath);
        Assert.NotEqual("/", (await ann.RecoverAsync(codes[0])).Address.AbsolutePath);
        await ann.SignInAsync(code);
        var page = await ann.SubmitAsync(await ann.OpenAsync("Manage/Disable2fa"), "Disable 2FA");
        Assert.EndsWith("TwoFactorAuthentication", page.Address.AbsolutePath, StringComparison.Ordinal);
        await ann.EnterPasswordAsync();
        await ann.ReadClaimsAsync();
    }
}
