extern alias mvc;

using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using mvc::Shop;

namespace Callroute.Mfa.AspNetCore.Tests;

/// <summary>The recipe of docs/recipes/mvc.md, used like in a browser.</summary>
public sealed partial class MvcRecipeTests : IDisposable
{
    private const string Email = "ann@example.com";
    private const string Password = "correct horse";

    private readonly Site<AccountController> _shop = new();

    [GeneratedRegex("<code>([A-Z2-7 ]+)</code>")]
    private static partial Regex ManualKey { get; }

    [GeneratedRegex("<code>([0-9A-Z-]+)</code>")]
    private static partial Regex ShownCode { get; }

    [GeneratedRegex("action=\"(/account/(?:confirm|saved)/[^\"]+)\"")]
    private static partial Regex NextForm { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shop_EnrolSignInAndRecover_UsesItsOwnTable()
    {
        await AddUserAsync();
        using var browser = Open();
        Assert.Equal("Orders", await LogInAsync(browser));
        var (phone, recoveryCode) = await EnrolAsync(browser);

        Assert.True((await UserAsync()).IsEnrolled);
        _shop.Clock.Advance(TimeSpan.FromSeconds(30));
        using var another = Open();
        Assert.Contains("/account/code", await LogInAsync(another), StringComparison.Ordinal);
        Assert.Contains("Sign in", await another.GetStringAsync("/", Token), StringComparison.Ordinal);
        var wrong = Setting.Browser.WrongCodeFor(phone);
        Assert.Contains("not right", await PostAsync(another, "/account/code", ("code", wrong)), StringComparison.Ordinal);
        Assert.Equal("Orders", await PostAsync(another, "/account/code", ("code", phone.GetCode())));

        using var third = Open();
        await LogInAsync(third);
        Assert.Contains("Wait 25 seconds", await PostAsync(third, "/account/code", ("code", phone.GetCode())), StringComparison.Ordinal);
        var recovered = await PostAsync(third, "/account/code", ("code", recoveryCode));
        Assert.NotEqual(recoveryCode, ShownCode.Match(recovered).Groups[1].Value);
        Assert.Equal("Orders", await PostAsync(third, NextForm.Match(recovered).Groups[1].Value));
    }

    [Fact]
    public async Task Shop_AfterAnAdministratorsReset_LetsTheUserEnrolAndNothingElse()
    {
        await AddUserAsync();
        using var browser = Open();
        await LogInAsync(browser);
        await EnrolAsync(browser);
        await _shop.Mfa.ResetAsync(new MfaSubject($"{(await UserAsync()).Id}"), "phone lost", cancellationToken: Token);

        using var another = Open();

        Assert.Contains("Set up an authenticator app", await LogInAsync(another), StringComparison.Ordinal);
        Assert.Contains("Sign in", await another.GetStringAsync("/", Token), StringComparison.Ordinal);
        await EnrolAsync(another);
        Assert.Equal("Orders", await another.GetStringAsync("/", Token));
    }

    [Fact]
    public async Task Shop_NobodyOrAnotherSite_ChangesNothing()
    {
        using var browser = Open();
        foreach (var path in new[] { "/", "/account/enroll", $"/account/confirm/{Guid.Empty}", $"/account/saved/{Guid.Empty}" })
        {
            var page = path == "/" ? await browser.GetStringAsync(path, Token) : await PostAsync(browser, path);
            Assert.Contains("<h1>Sign in</h1>", page, StringComparison.Ordinal);
        }

        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var forged = await browser.PostAsync("/account/enroll", null, Token);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
    }

    public void Dispose() => _shop.Dispose();

    private HttpClient Open() => _shop.CreateClient(new() { BaseAddress = new Uri("https://localhost") });

    private static Task<string> LogInAsync(HttpClient browser) =>
        PostAsync(browser, "/account/login", ("email", Email), ("password", Password));

    private async Task<(VirtualAuthenticator Phone, string RecoveryCode)> EnrolAsync(HttpClient browser)
    {
        var offer = await PostAsync(browser, "/account/enroll");
        Assert.Contains("<svg", offer, StringComparison.Ordinal);
        var phone = VirtualAuthenticator.FromManualKey(ManualKey.Match(offer).Groups[1].Value, _shop.Clock);
        var codes = await PostAsync(browser, NextForm.Match(offer).Groups[1].Value, ("code", phone.GetCode()));
        Assert.Equal("Orders", await PostAsync(browser, NextForm.Match(codes).Groups[1].Value));
        return (phone, ShownCode.Match(codes).Groups[1].Value);
    }

    private static async Task<string> PostAsync(HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value));
        using var answer = await browser.PostAsync(path, content, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return text;
    }

    private async Task AddUserAsync()
    {
        await using var db = await OpenDatabaseAsync();
        db.Users.Add(new ShopUser(0, Email, new PasswordHasher<ShopUser>().HashPassword(null!, Password)));
        await db.SaveChangesAsync(Token);
    }

    private async Task<ShopUser> UserAsync()
    {
        await using var db = await OpenDatabaseAsync();
        return await db.Users.AsNoTracking().SingleAsync(Token);
    }

    private Task<ShopDb> OpenDatabaseAsync() => _shop.Services.GetRequiredService<IDbContextFactory<ShopDb>>().CreateDbContextAsync(Token);
}
