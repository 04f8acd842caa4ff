using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Pages.Tests.Hosts;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class HostTests
{
    private static readonly Dictionary<string, (Action<IServiceCollection> Add, Action<WebApplication> Map)> Kinds = new()
    {
        ["Razor Pages"] = (
            services => services.AddRazorPages(options => options.RootDirectory = "/Hosts"),
            app => app.MapRazorPages()),
        ["MVC"] = (services => services.AddControllersWithViews(), app => app.MapControllers()),
        ["minimal API"] = (_ => { }, Login.Map),
        ["Blazor"] = (
            services => services.AddRazorComponents().AddInteractiveServerComponents(),
            app =>
            {
                app.UseAntiforgery();
                app.MapRazorComponents<BlazorApp>().AddInteractiveServerRenderMode();
            }
        ),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Host_OfEachKind_SetsUpAndSignsInToTheSecurityPage(string kind)
    {
        await using var host = await PageHost.StartAsync(Kinds[kind].Add, Kinds[kind].Map);
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        using var other = host.Open();

        var security = await other.SignInAsync(phone);

        Assert.Equal(PageHost.Prefix, security.Path);
        security.Shows("Enabled. You are asked for a code of your authenticator app when you sign in.");
        var links = Regex.Matches(security.Html, "(?:href|src)=\"([^\"]*/assets/[^\"]*)\"");
        var assets = links.Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal([".css", ".js"], assets.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        foreach (var asset in assets)
        {
            var file = await other.OpenAsync(asset[PageHost.Prefix.Length..]);
            Assert.Equal(HttpStatusCode.OK, file.Status);
            Assert.Contains("immutable", $"{file.Response.Headers.CacheControl}", StringComparison.Ordinal);
        }
    }

    // The token may be of another user. Then the page would show one user in the session of the other.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_WithATokenBesideTheSession_IsOfTheSession(bool usesSameOrigin)
    {
        await using var host = await PageHost.StartAsync(
            services => services.Configure<MfaSignInOptions>(options => options.BearerScheme = BearerTokenDefaults.AuthenticationScheme)
                .AddAuthentication().AddBearerToken(),
            app =>
            {
                _ = usesSameOrigin ? app.UseSameOrigin() : app;
                Login.Map(app);
                app.MapPost("/token", (HttpContext context, MfaSignIn signIn) => signIn.BeginTokenAsync(context, new("bob")));
            });
        using var browser = host.Open();
        await browser.EnrollAsync();
        using var tokens = await browser.PostAsync("/token", []);
        var answer = await tokens.Content.ReadFromJsonAsync<AccessTokenResponse>(TestContext.Current.CancellationToken);

        browser.Authorization = $"Bearer {answer!.AccessToken}";

        (await browser.OpenAsync()).Shows("Enabled. You are asked for a code");
        var asked = await browser.SubmitAsync(await browser.OpenAsync("/disable"), "/disable");
        Assert.Equal("MFA is now disabled.", asked.Notice);
        Assert.False((await host.StatusAsync()).IsEnabled);
    }

    // Without the cookies, a page asks to sign in for ever, and shows no code that replaces a used one.
    [Theory]
    [InlineData("/", "/account/security", true)]
    [InlineData("/account", "/account/security", true)]
    [InlineData("/account/", "/account/security", true)]
    [InlineData("/account/security", "/account/security", true)]
    [InlineData("/base", "/base/account/security", true)]
    [InlineData("/base", "/account/security", false)]
    [InlineData("/account/sec", "/account/security", false)]
    [InlineData("/account/security/", "/account/security", false)]
    public async Task Page_OutsideTheCookiePath_IsAnError(string cookiePath, string address, bool isCovered)
    {
        await using var host = await StartBelowBaseAsync(cookiePath);
        using var browser = host.Open();

        var error = await Record.ExceptionAsync(() => browser.FollowAsync($"{address}/sign-in"));

        Assert.Equal(isCovered ? null : typeof(InvalidOperationException), error?.GetType());
        Assert.Contains(
            isCovered ? string.Empty : $"CookiePath is '{cookiePath}', but the pages are at '{address}'",
            $"{error}",
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_InAnotherLetterCaseThanTheCookiePath_IsNotFound()
    {
        await using var host = await StartBelowBaseAsync("/base");
        using var browser = host.Open();

        var page = await browser.FollowAsync("/BASE/account/security/sign-in");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
    }

    // They show secrets, and a policy of the application may be meant for its other pages.
    [Fact]
    public async Task Page_OriginOfTheApplicationsCorsPolicy_CannotReadIt()
    {
        const string Widget = "https://widget.localhost";
        await using var host = await PageHost.StartAsync(
            services => services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(Widget).AllowCredentials())),
            app =>
            {
                app.UseCors();
                Login.Map(app);
            });
        using var browser = host.Open();
        browser.Origin = Widget;

        var readable = await browser.FollowAsync("/login");
        var page = await browser.OpenAsync("/sign-in");

        Assert.True(readable.Response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.DoesNotContain(page.Response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    // The output cache does not look at no-store, and takes a user who is half signed in for nobody.
    [Fact]
    public async Task SetUp_ApplicationWithAnOutputCache_IsShownToItsUserOnly()
    {
        await using var host = await PageHost.StartAsync(
            services => services.AddOutputCache(cache => cache.AddBasePolicy(policy => policy.Expire(TimeSpan.FromHours(1)))),
            app =>
            {
                app.UseOutputCache();
                Login.Map(app);
            });
        host.Users.Policy = MfaPolicy.Required;
        using var browser = host.Open();
        using var other = host.Open();

        var setUp = await browser.SubmitAsync(await browser.LogInAsync(), "/set-up");
        var stranger = await other.OpenAsync("/set-up");

        Assert.NotEmpty(setUp.ProvisioningUri);
        stranger.ShowsNot(setUp.Secrets[0]);
    }

    [Fact]
    public async Task Replaced_LayoutAndOneScreen_AreTheApplications()
    {
        var changes = 0;
        await using var host = await PageHost.StartAsync(services => OwnLook.Add(services, () => Task.FromResult(changes++)));
        using var browser = host.Open();
        browser.Policy = "frame-ancestors 'none'";
        await browser.SignInAsync((await browser.EnrollAsync()).Phone);

        var page = await browser.OpenAsync("/disable");
        page.Shows("<title>Disable Multi-Factor Authentication?</title>");
        page.Shows("The application's own layout");
        page.Shows("The application's own screen.");
        var disabled = await browser.SubmitAsync(page, "/disable");

        Assert.Equal("MFA is now disabled.", disabled.Notice);
        disabled.Shows("The application's own layout");
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task AddMfaPages_Twice_AddsUp()
    {
        var changes = 0;
        await using var host = await PageHost.StartAsync(
            services => services.AddMfaPages().AddMfaPages(pages => pages.Layout = typeof(OwnLayout)),
            pages: pages => pages.OnChanged = context => Task.FromResult(changes++));
        using var browser = host.Open();
        browser.Policy = "frame-ancestors 'none'";

        await browser.EnrollAsync();

        (await browser.OpenAsync()).Shows("The application's own layout");
        Assert.Equal(2, changes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/{tenant}/security")]
    public async Task MapMfaPages_PrefixThatLinksCannotHave_IsRefused(string prefix)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => PageHost.StartAsync(map: app => app.MapMfaPages(prefix)));

        Assert.Contains("such as /account/security", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<MfaPagesOptions>> NoComponents => new()
    {
        { "Layout", pages => pages.Layout = typeof(string) },
        { "Layout", pages => pages.Layout = typeof(OwnDisable) },
        { "Replace", pages => pages.Replace<IComponent>(MfaScreen.Disable) },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(NoComponents))]
    public async Task MapMfaPages_TypeThatIsNoComponentOfThisKind_IsRefused(string setting, Action<MfaPagesOptions> configure)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PageHost.StartAsync(pages: configure));

        Assert.StartsWith($"MfaPagesOptions.{setting} takes a component", error.Message, StringComparison.Ordinal);
    }

    // In Development, the container checks the constructors of all services first.
    [Theory]
    [InlineData(false, "Production", "Call services.AddMfaPages() before MapMfaPages.")]
    [InlineData(true, "Production", "Call services.AddCallrouteMfa() before MapMfaPages.")]
    [InlineData(true, "Development", "Call services.AddCallrouteMfa() before MapMfaPages.")]
    public void MapMfaPages_PartsMissing_SaysWhichCall(bool hasPages, string environment, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        _ = hasPages ? builder.Services.AddMfaPages() : builder.Services;

        var error = Assert.Throws<InvalidOperationException>(() => builder.Build().MapMfaPages());

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public async Task MapMfaPages_Twice_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PageHost.StartAsync(map: app => app.MapMfaPages("/twice")));

        Assert.Contains("MapMfaPages once", error.Message, StringComparison.Ordinal);
    }

    private static Task<PageHost> StartBelowBaseAsync(string cookiePath) => PageHost.StartAsync(
        services => services.Configure<MfaSignInOptions>(options => (options.CookieName, options.CookiePath) = ("mfa", cookiePath)),
        app =>
        {
            app.UsePathBase("/base").UseRouting();
            Login.Map(app);
        });
}
