using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

public sealed class RegistrationTests
{
    public static TheoryData<string, Func<IdentityBuilder, IdentityBuilder>> Mistakes => new()
    {
        {
            "Move .AddCallrouteMfa() to the end",
            identity => identity.AddEntityFrameworkStores<UserContext>().AddCallrouteMfa().AddSignInManager()
        },
        {
            "Derive it from MfaSignInManager<IdentityUser>",
            identity => identity.AddEntityFrameworkStores<UserContext>().AddSignInManager<Foreign>().AddCallrouteMfa()
        },
        {
            "Derive it from MfaSignInManager<IdentityUser>",
            identity => identity.AddEntityFrameworkStores<UserContext>().AddCallrouteMfa().AddSignInManager<Foreign>()
        },
        { "No store for MFA records", identity => AddTable(identity).AddCallrouteMfa() },
        {
            "Call AddRoles before AddEntityFrameworkStores",
            identity => identity.AddEntityFrameworkStores<UserContext>().AddCallrouteMfa(options => options.RequiredRole = "admin")
        },
        {
            "Remove the PostConfigure<IdentityOptions>",
            identity => ReplaceProvider(identity.AddEntityFrameworkStores<UserContext>().AddCallrouteMfa())
        },
        { "Remove TenantClaim", identity => SetTenantClaim(identity.AddEntityFrameworkStores<UserContext>().AddCallrouteMfa()) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Start_Mistake_IsRefusedWithAdvice(string advice, Func<IdentityBuilder, IdentityBuilder> add)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => IdentitySite.StartAsync<UserContext>(
            services => add(services.AddDefaultIdentity<IdentityUser>())));

        Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Managers_DerivedFromOurs_AreKept()
    {
        await using var site = await IdentitySite.StartAsync<UserContext>(services => services.AddDefaultIdentity<IdentityUser>()
                .AddEntityFrameworkStores<UserContext>().AddSignInManager<Own>().AddCallrouteMfa(),
            app => app.MapGet("/passkey", async (Own own, UserManager<IdentityUser> users, HttpContext context) =>
                $"{await own.PassKeyAsync((await users.GetUserAsync(context.User))!)}"));
        using var browser = site.Open();
        await browser.RegisterAsync();
        Assert.Equal("Succeeded", (await browser.GetAsync("/passkey")).Text);
        Assert.Equal(["pop"], await browser.ClaimsAsync("amr"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_OfTheApplication_AreKept(bool isBefore)
    {
        await using var site = await IdentitySite.StartAsync<UserContext>(services =>
        {
            if (isBefore)
            {
                services.AddCallrouteMfa().UseInMemory();
            }

            services.AddDefaultIdentity<IdentityUser>().AddEntityFrameworkStores<UserContext>()
                .AddCallrouteMfa(options => _ = isBefore ? null : options.Mfa.UseInMemory());
        });

        Assert.IsType<InMemoryMfaStore>(site.Services.GetRequiredService<IMfaStore>());
    }

    [Fact]
    public async Task Settings_Defaults_GiveWayToTheConfiguration()
    {
        await using var site = await IdentitySite.StartAsync();
        await using var other = await IdentitySite.StartAsync(
            settings: new() { ["Callroute:Mfa:Recovery:Count"] = "4", ["Callroute:Mfa:Issuer"] = "Contoso" });

        var defaults = site.Services.GetRequiredService<IOptions<MfaOptions>>().Value;
        var configured = other.Services.GetRequiredService<IOptions<MfaOptions>>().Value;
        Assert.Equal(
            ("Callroute.Mfa.AspNetCore.Identity.Tests", 10, false),
            (defaults.Issuer, defaults.Recovery.Count, defaults.Recovery.RegenerateOnUse));
        Assert.Equal(("Contoso", 4, false), (configured.Issuer, configured.Recovery.Count, configured.Recovery.RegenerateOnUse));
    }

    [Theory]
    [InlineData(typeof(IdentityUser<int>))]
    [InlineData(typeof(IdentityUser<Guid>))]
    public async Task Keys_OfOtherTypes_Work(Type user)
    {
        await using var site = user == typeof(IdentityUser<int>)
            ? await IdentitySite.StartAsync<IntContext>(services => services.AddIdentity<IdentityUser<int>, IdentityRole<int>>()
                .AddEntityFrameworkStores<IntContext>().AddDefaultTokenProviders().AddDefaultUI().AddCallrouteMfa())
            : await IdentitySite.StartAsync<GuidContext>(services => services.AddIdentity<IdentityUser<Guid>, IdentityRole<Guid>>()
                .AddEntityFrameworkStores<GuidContext>().AddDefaultUI().AddCallrouteMfa().AddDefaultTokenProviders());
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();

        Assert.Equal("secret", (await browser.SendCodeAsync(await browser.LogInAsync("/secret"), phone.GetCode())).Text);
    }

    [Fact]
    public async Task Start_WithIdentityApi_WarnsOfNoPasswordAlone()
    {
        var log = new RecordedLog();
        await using var site = await IdentitySite.StartApiAsync(log: log);

        Assert.DoesNotContain(log.Lines, line => line.Contains("password alone", StringComparison.Ordinal));
    }

    private static IdentityBuilder AddTable(IdentityBuilder identity)
    {
        identity.Services.AddScoped<IUserStore<IdentityUser>>(_ => new IdentityTable(new IdentityUser()));
        return identity;
    }

    private static IdentityBuilder SetTenantClaim(IdentityBuilder identity)
    {
        identity.Services.Configure<MfaSignInOptions>(options => options.TenantClaim = "tenant");
        return identity;
    }

    private static IdentityBuilder ReplaceProvider(IdentityBuilder identity)
    {
        identity.Services.PostConfigure<IdentityOptions>(options =>
            options.Tokens.ProviderMap[TokenOptions.DefaultAuthenticatorProvider] = new(typeof(AuthenticatorTokenProvider<IdentityUser>)));
        return identity;
    }

    private sealed class Foreign(
        UserManager<IdentityUser> users, IHttpContextAccessor http, IUserClaimsPrincipalFactory<IdentityUser> claims,
        IOptions<IdentityOptions> options, ILogger<SignInManager<IdentityUser>> logger, IAuthenticationSchemeProvider schemes,
        IUserConfirmation<IdentityUser> confirmation)
        : SignInManager<IdentityUser>(users, http, claims, options, logger, schemes, confirmation);

    private sealed class Own(
        UserManager<IdentityUser> users, IHttpContextAccessor http, IUserClaimsPrincipalFactory<IdentityUser> claims,
        IOptions<IdentityOptions> options, ILogger<SignInManager<IdentityUser>> logger, IAuthenticationSchemeProvider schemes,
        IUserConfirmation<IdentityUser> confirmation)
        : MfaSignInManager<IdentityUser>(users, http, claims, options, logger, schemes, confirmation)
    {
        /// <summary>Goes on as Identity does after a passkey.</summary>
        public Task<SignInResult> PassKeyAsync(IdentityUser user) =>
            SignInOrTwoFactorAsync(user, isPersistent: false, null, bypassTwoFactor: true);
    }
}
