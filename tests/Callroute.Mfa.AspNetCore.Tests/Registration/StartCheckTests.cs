using System.Net;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Registration;

/// <summary>
/// Combinations that an application should not use. The application does not start with those that are insecure or can never work, and logs
/// a warning for the others.
/// </summary>
public sealed class StartCheckTests : IDisposable
{
    private const string Cookies = BareApp.Cookies;

    private readonly RecordedLog _log = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("callroute-start-");

    private IEnumerable<string> Warnings => _log.Lines.Where(line =>
        line.StartsWith("Warning ", StringComparison.Ordinal) && !line.Contains("No XML encryptor", StringComparison.Ordinal));

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_ProperlySetUp_WarnsOfNothing()
    {
        await using var app = await StartAsync(
            services => AddProperly(services),
            app => app.MapGet("/", () => "ok").RequireAuthorization(policy => policy.RequireMfa()));

        Assert.Empty(Warnings);
    }

    [Fact]
    public void Add_Twice_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddCallrouteMfa();

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddCallrouteMfa());

        Assert.StartsWith("AddCallrouteMfa was called before.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_Twice_IsRefused() => Assert.StartsWith(
        "MapMfaEndpoints was called twice",
        await RefusalAsync(services => AddProperly(services), app =>
        {
            app.MapMfaEndpoints();
            app.MapMfaEndpoints("/account/mfa");
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "none", "a password alone would do. Add one: services.AddAuthentication")]
    [InlineData(MfaChallenge.Scheme, "cookies", "is the scheme to sign in, so a password alone would do")]
    [InlineData(null, "challenge", "is the scheme to authenticate")]
    [InlineData(null, "no default", "There is no default authentication scheme")]
    [InlineData(null, "no default", "MfaSignInOptions.Scheme")]
    [InlineData("Coookies", "cookies", "MfaSignInOptions.Scheme: there is no authentication scheme 'Coookies'.")]
    [InlineData("Bearer", "cookies", "The authentication scheme 'Bearer' cannot sign in")]
    public async Task Start_SchemesThatCannotSignIn_IsRefused(string? scheme, string schemes, string expected)
    {
        var message = await RefusalAsync(services =>
        {
            AddMfa(services, scheme);
            _ = schemes switch
            {
                "none" => services.AddAuthentication(),
                "challenge" => services.AddAuthentication(MfaChallenge.Scheme).AddCookie(),
                "no default" => services.AddAuthentication().AddCookie(),
                _ => AddBearer(services.AddAuthentication(Cookies).AddCookie()),
            };
        });

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EndpointThatAcceptsTheChallenge_IsRefused()
    {
        var acceptsIt = new AuthorizeAttribute { AuthenticationSchemes = MfaChallenge.Scheme };

        var message = await RefusalAsync(
            services => AddProperly(services), app => app.MapGet("/orders", () => "all of them").RequireAuthorization(acceptsIt));

        Assert.Contains("'HTTP: GET /orders' accepts the scheme 'Callroute.Mfa.Challenge'", message, StringComparison.Ordinal);
        Assert.Contains("so a password alone would do", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SignInSchemeThatIsNotTheDefault_IsWarnedOf() => Assert.Contains(
        "MfaSignInOptions.Scheme is 'Other', and the default scheme is 'Cookies'",
        await WarningAsync(services =>
        {
            services.AddAuthentication().AddCookie("Other");
            services.Configure<MfaSignInOptions>(options => options.Scheme = "Other");
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task Start_RecognisedByAnotherSchemeThanSignedIn_IsWarnedOf() => Assert.Contains(
        "signed in by the scheme 'Cookies' and recognised by 'Bearer'",
        await WarningAsync(services =>
        {
            AddBearer(services.AddAuthentication());
            services.Configure<AuthenticationOptions>(options => options.DefaultAuthenticateScheme = "Bearer");
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task Start_RequireMfaOfAForeignScheme_IsWarnedOf() => Assert.Contains(
        "asks for MFA of the scheme 'Bearer', not of 'Cookies' alone",
        await WarningAsync(
            services => AddBearer(services.AddAuthentication()),
            app => app.MapGet("/", () => "ok").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Bearer").RequireMfa())),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("secure")]
    [InlineData("site")]
    [InlineData("script")]
    public async Task Start_LooseSignInCookie_IsWarnedOf(string loosened) => Assert.Contains(
        "The sign-in cookie of the scheme 'Cookies'",
        await WarningAsync(services => services.Configure<CookieAuthenticationOptions>(Cookies, options =>
        {
            options.Cookie.SecurePolicy = loosened == "secure" ? CookieSecurePolicy.None : CookieSecurePolicy.Always;
            options.Cookie.SameSite = loosened == "site" ? SameSiteMode.None : SameSiteMode.Lax;
            options.Cookie.HttpOnly = loosened != "script";
        })),
        StringComparison.Ordinal);

    [Fact]
    public async Task Start_CodesThatCanBeGuessedInAYear_AreWarnedOfEverywhere() => Assert.Contains(
        "with a chance of up to 0.24 %; with the defaults it is 0.18 %.",
        await WarningAsync(
            services => services.Configure<MfaOptions>(options => options.PastSteps = 2),
            environment: "Development"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", true)]
    [InlineData("Development", false)]
    public async Task Start_RecordsInMemory_IsWarnedOfOutsideDevelopment(string environment, bool isWarned)
    {
        await using var app = await StartAsync(services => AddProperly(services).UseInMemory(), environment: environment);

        Assert.Equal(isWarned, Warnings.Any(line => line.Contains("MFA records are kept in memory", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "where the framework puts them by default")]
    [InlineData(true, "keeps its keys in memory")]
    public async Task Start_DataProtectionKeysThatMayNotLast_IsWarnedOf(bool isEphemeral, string expected)
    {
        await using var app = await StartAsync(services =>
        {
            services.AddAuthentication(Cookies).AddCookie();
            AddMfa(services);
            if (isEphemeral)
            {
                services.AddDataProtection().UseEphemeralDataProtectionProvider();
            }
        });

        Assert.Contains(Warnings, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.Contains(Warnings, line => line.Contains("PersistKeysTo…", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_KeysOfOnesOwn_NothingIsSaidOfDataProtection()
    {
        using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] });
        await using var app = await StartAsync(services =>
        {
            services.AddAuthentication(Cookies).AddCookie();
            AddMfa(services).UseAesGcm(keys);
        });

        Assert.DoesNotContain(Warnings, line => line.Contains("authenticator verifies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_WithoutUseAuthentication_AreNobodys()
    {
        await using var app = await StartAsync(services => AddProperly(services), app =>
        {
            // An application with its own pipeline may forget it. Otherwise the framework adds it.
            ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
            app.UseAuthorization();
            app.MapMfaEndpoints();
        });
        using var client = BareApp.ClientOf(app);

        using var response = await client.GetAsync(new Uri("/mfa/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(Warnings);
    }

    private static AuthenticationBuilder AddBearer(AuthenticationBuilder schemes) =>
        schemes.AddScheme<AuthenticationSchemeOptions, TokenHandler>("Bearer", null);

    private IMfaBuilder AddProperly(IServiceCollection services)
    {
        services.AddDataProtection().PersistKeysToFileSystem(_folder).SetApplicationName("test");
        services.AddAuthentication(Cookies).AddCookie(options => options.Events.OnRedirectToLogin = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        return AddMfa(services);
    }

    private IMfaBuilder AddMfa(IServiceCollection services, string? signInScheme = null)
    {
        services.AddSingleton<IMfaUsers, StubUsers>();
        services.Configure<MfaSignInOptions>(options => options.Scheme = signInScheme);
        var database = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "mfa.db")}");
        return services.AddCallrouteMfa(options => options.Issuer = "Test")
            .UseDataProtection().UseArgon2().UseSql(database, SqlDialect.Sqlite);
    }

    private Task<WebApplication> StartAsync(
        Action<IServiceCollection> add, Action<WebApplication>? map = null, string environment = "Production") =>
        BareApp.StartAsync(add, map, environment, _log);

    private async Task<string> RefusalAsync(Action<IServiceCollection> add, Action<WebApplication>? map = null) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(add, map))).Message;

    /// <summary>Starts an application with one wrong setting.</summary>
    /// <returns>The only warning.</returns>
    private async Task<string> WarningAsync(
        Action<IServiceCollection> change, Action<WebApplication>? map = null, string environment = "Production")
    {
        await using var app = await StartAsync(
            services =>
            {
                AddProperly(services);
                change(services);
            },
            map,
            environment);
        return Assert.Single(Warnings);
    }
}
