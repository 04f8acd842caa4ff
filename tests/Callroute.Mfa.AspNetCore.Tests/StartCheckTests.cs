using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Tests;

/// <summary>Combinations that an application can make and should not: refused at the start where they open a door or can never work, else warned of.</summary>
public sealed class StartCheckTests : IDisposable
{
    private const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;

    private readonly RecordedLog _log = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("callroute-start-");

    // The test server knows no limit of a body's size.
    private IEnumerable<string> Warnings => _log.Lines.Where(line => line.StartsWith("Warning ", StringComparison.Ordinal) && !line.Contains("No XML encryptor", StringComparison.Ordinal) && !line.Contains("request body size limit", StringComparison.Ordinal));

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_ProperlySetUp_WarnsOfNothing()
    {
        await using var app = await StartAsync(services => AddProperly(services), app => app.MapGet("/", () => "ok").RequireAuthorization(policy => policy.RequireMfa()));

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
    public async Task Start_NoSchemeButTheChallenge_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services => AddMfa(services)));

        Assert.Contains("a password alone would do. Add one: services.AddAuthentication", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ChallengeAsTheDefaultScheme_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            AddMfa(services);
            services.AddAuthentication(MfaChallenge.Scheme).AddCookie();
        }));

        Assert.Contains("is the scheme to authenticate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ChallengeAsTheSignInScheme_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services => AddMfa(services, MfaChallenge.Scheme)));

        Assert.Contains("a password alone would do", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralSchemesAndNoDefault_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            AddMfa(services);
            services.AddAuthentication().AddCookie();
        }));

        Assert.Contains("There is no default authentication scheme", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Callroute:Mfa:SignInScheme", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownSignInScheme_IsRefusedByTheSettingsName()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            AddMfa(services, "Coookies");
            services.AddAuthentication(Cookies).AddCookie();
        }));

        Assert.StartsWith("Callroute:Mfa:SignInScheme: there is no authentication scheme 'Coookies'.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SchemeThatKeepsNoSession_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            AddMfa(services, "Bearer");
            services.AddAuthentication(Cookies).AddCookie().AddScheme<AuthenticationSchemeOptions, TokenHandler>("Bearer", null);
        }));

        Assert.StartsWith("The authentication scheme 'Bearer' cannot sign in", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SignInSchemeThatIsNotTheDefault_IsWarnedOf()
    {
        await using var app = await StartAsync(services =>
        {
            AddProperly(services);
            services.AddAuthentication().AddCookie("Other");
            services.Configure<MfaSettings>(settings => settings.SignInScheme = "Other");
        });

        Assert.Contains("Callroute:Mfa:SignInScheme is 'Other', and the default scheme is 'Cookies'", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RecognisedByAnotherSchemeThanSignedIn_IsWarnedOf()
    {
        await using var app = await StartAsync(services =>
        {
            AddProperly(services);
            services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenHandler>("Bearer", null);
            services.Configure<AuthenticationOptions>(options => options.DefaultAuthenticateScheme = "Bearer");
        });

        Assert.Contains("signed in by the scheme 'Cookies' and recognised by 'Bearer'", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EndpointThatAcceptsTheChallenge_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            services => AddProperly(services),
            app => app.MapGet("/orders", () => "all of them").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = MfaChallenge.Scheme })));

        Assert.Contains("'HTTP: GET /orders' accepts the scheme 'Callroute.Mfa.Challenge', so a password alone would do", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RequireMfaOfAForeignScheme_IsWarnedOf()
    {
        await using var app = await StartAsync(
            services =>
            {
                AddProperly(services);
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenHandler>("Bearer", null);
            },
            app => app.MapGet("/orders", () => "all of them").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Bearer").RequireMfa()));

        Assert.Contains("asks for MFA of the scheme 'Bearer', not of 'Cookies' alone", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", true)]
    [InlineData("Development", false)]
    public async Task Start_RecordsInMemory_IsWarnedOfOutsideDevelopment(string environment, bool isWarned)
    {
        await using var app = await StartAsync(
            services => AddProperly(services).UseInMemory(),
            environment: environment);

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

        Assert.Contains(Warnings, line => line.Contains(expected, StringComparison.Ordinal) && line.Contains("PersistKeysTo…", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_KeysOfOnesOwn_NothingIsSaidOfDataProtection()
    {
        using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[KeyRing.KeySize] });
        await using var app = await StartAsync(services =>
        {
            services.AddAuthentication(Cookies).AddCookie();
            AddMfa(services).UseAesGcm(keys);
        });

        Assert.DoesNotContain(Warnings, line => line.Contains("authenticator verifies", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secure")]
    [InlineData("site")]
    [InlineData("script")]
    public async Task Start_LooseSignInCookie_IsWarnedOf(string loosened)
    {
        await using var app = await StartAsync(services =>
        {
            AddProperly(services);
            services.Configure<CookieAuthenticationOptions>(Cookies, options =>
            {
                options.Cookie.SecurePolicy = loosened == "secure" ? CookieSecurePolicy.None : CookieSecurePolicy.Always;
                options.Cookie.SameSite = loosened == "site" ? SameSiteMode.None : SameSiteMode.Lax;
                options.Cookie.HttpOnly = loosened != "script";
            });
        });

        Assert.Contains("The sign-in cookie of the scheme 'Cookies'", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CodesThatCanBeGuessedInAYear_AreWarnedOfEverywhere()
    {
        await using var app = await StartAsync(
            services =>
            {
                AddProperly(services);
                services.Configure<MfaSettings>(settings => (settings.Digits, settings.AllowShortCodes) = (4, true));
            },
            environment: "Development");

        Assert.Contains("with a chance of up to 11.2 %", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_WithoutUseAuthentication_AreNobodys()
    {
        await using var app = await StartAsync(services => AddProperly(services), app =>
        {
            // What an application with a pipeline of its own may forget; left alone, the framework adds it.
            ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
            app.UseAuthorization();
            app.MapMfaEndpoints();
        });

        using var response = await app.GetTestClient().GetAsync(new Uri("/mfa/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.NotEqual(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(Warnings);
    }

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
        services.AddSingleton<IMfaUsers, NoUsers>();
        return services.AddCallrouteMfa(settings => (settings.Issuer, settings.SignInScheme) = ("Test", signInScheme))
            .UseDataProtection().UseArgon2().UseSql(SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "mfa.db")}"), SqlDialect.Sqlite);
    }

    private async Task<WebApplication> StartAsync(Action<IServiceCollection> add, Action<WebApplication>? map = null, string environment = "Production")
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(_log);
        add(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class NoUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((MfaUser?)null);

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    /// <summary>Reads a token of each request, as a bearer scheme does: it knows no sign-in.</summary>
    private sealed class TokenHandler(Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
