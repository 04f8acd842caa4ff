using System.Net;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>The life of a user in the applications of the stock templates, with one line more in each.</summary>
public abstract class LifeTests(PackedFeed feed, string engine)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("webapp")]
    [InlineData("blazor")]
    public async Task Pages_WholeLife_AcceptEachCodeOnce(string template)
    {
        await using var site = await TemplateSite.StartAsync(feed, template, engine);
        var (ann, codes) = await Visitor.EnrollAsync(site, "ann");
        using var _ = ann;

        Assert.Equal(10, codes.Length);
        var code = await ann.NextCodeAsync();
        AssertSignedIn(await ann.SignInAsync(code));
        AssertStaysAt("LoginWith2fa", await ann.SignInAsync(code));
        AssertSignedIn(await ann.RecoverAsync(codes[0]));
        AssertStaysAt("LoginWithRecoveryCode", await ann.RecoverAsync(codes[0]));

        AssertSignedIn(await ann.SignInAsync(await ann.NextCodeAsync()));
        var regenerated = Visitor.ReadRecoveryCodes(await ChangeAsync(ann, "Manage/GenerateRecoveryCodes", "Generate Recovery Codes"));
        AssertStaysAt("LoginWithRecoveryCode", await ann.RecoverAsync(codes[1]));
        AssertSignedIn(await ann.RecoverAsync(regenerated[0]));

        var old = ann.Phone!;
        AssertStaysAt("EnableAuthenticator", await ChangeAsync(ann, "Manage/ResetAuthenticator", "Reset authenticator key"));
        AssertStaysAt("TwoFactorAuthentication", await ann.SetUpPhoneAsync());
        AssertStaysAt("LoginWith2fa", await ann.SignInAsync(old.GetCodeAt(site.CodeTime)));
        AssertSignedIn(await ann.RecoverAsync(regenerated[1]));
        AssertSignedIn(await ann.SignInAsync(await ann.NextCodeAsync()));

        AssertStaysAt("TwoFactorAuthentication", await ChangeAsync(ann, "Manage/Disable2fa", "Disable 2FA"));
        AssertSignedIn(await ann.EnterPasswordAsync());
    }

    [Fact]
    public async Task Api_WholeLife_AcceptsEachCodeOnce()
    {
        await using var site = await TemplateSite.StartAsync(feed, "api", engine);
        var (ann, _, codes) = await ApiUser.EnrollAsync(site, "ann");
        using var _ = ann;

        Assert.Equal("401 RequiresTwoFactor", (await ann.SignInAsync()).ToString());
        var code = await ann.SignInByPhoneAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.SignInAsync(code)).Status);
        Assert.Equal("200", (await ann.SignInAsync(recoveryCode: codes[0])).ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.SignInAsync(recoveryCode: codes[0])).Status);

        foreach (var change in (object[])[new { resetRecoveryCodes = true }, new { resetSharedKey = true }, new { enable = false }])
        {
            await ann.SignInByPhoneAsync();
            await site.AdvanceAsync(Hour / 2);
            Assert.Equal(HttpStatusCode.Forbidden, (await ann.ManageAsync(change)).Status);
        }

        await ann.SignInByPhoneAsync();
        Assert.Equal("200", (await ann.ManageAsync(new { enable = false })).ToString());
        Assert.Equal("200", (await ann.SignInAsync()).ToString());
    }

    /// <summary>Makes a change in a session that is an hour old: the page asks for a code first.</summary>
    private static async Task<Page> ChangeAsync(Visitor ann, string page, string button)
    {
        await ann.Site.AdvanceAsync(Hour);
        var question = await ann.OpenAsync(page);
        AssertStaysAt("LoginWith2fa", question);
        return await ann.SubmitAsync(await ann.EnterCodeAsync(question, await ann.NextCodeAsync()), button);
    }

    private static void AssertSignedIn(Page page) => AssertStaysAt("/", page);

    private static void AssertStaysAt(string end, Page page) =>
        Assert.True(page.Address.AbsolutePath.EndsWith(end, StringComparison.Ordinal), $"Not {end}, but {page}");
}

/// <summary>On SQLite.</summary>
public sealed class SqliteLifeTests(PackedFeed feed) : LifeTests(feed, Database.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlLifeTests(PackedFeed feed) : LifeTests(feed, Database.PostgreSql);
