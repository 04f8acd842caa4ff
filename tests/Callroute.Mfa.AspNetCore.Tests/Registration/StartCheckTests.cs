using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
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

    /// <summary>A part of a message, the set-up that gets it, and the set-up that follows its advice.</summary>
    public static TheoryData<string, Setup, Setup> Mistakes => new()
    {
        { "no default authentication scheme to sign users in with. Add one: services.AddAuthentication(", new(_ => { }), Proper },
        {
            "no default authentication scheme to sign users in with. Name it: AddAuthentication(\"Cookies\").",
            new(services => services.AddAuthentication().AddCookie().AddCookie("Other")),
            new(services => services.AddAuthentication(Cookies).AddCookie().AddCookie("Other"))
        },
        {
            "AddAuthentication names 'Cookies', which nothing adds: call AddCookie() on it.",
            new(services => AddBearer(services.AddAuthentication(Cookies))),
            new(services => AddBearer(services.AddAuthentication(Cookies).AddCookie()))
        },
        { "no authentication scheme 'Coookies'. Set MfaSignInOptions.Scheme to 'Cookies'.", Proper.With("Coookies"), Proper.With(Cookies) },
        {
            "'Bearer' cannot sign in: it keeps no session as a cookie does. Add one",
            new(services => AddBearer(services.AddAuthentication("Bearer"))),
            new Setup(services => AddBearer(services.AddAuthentication(Cookies).AddCookie())).With(Cookies)
        },
        {
            "'Bearer' cannot sign in: it keeps no session as a cookie does. Set MfaSignInOptions.Scheme to 'Cookies'.",
            new(services => AddBearer(services.AddAuthentication("Bearer").AddCookie())),
            new Setup(services => AddBearer(services.AddAuthentication("Bearer").AddCookie())).With(Cookies)
        },
        {
            "by the scheme 'Other' and recognised by 'Cookies'",
            new Setup(services => services.AddAuthentication(Cookies).AddCookie().AddCookie("Other")).With("Other"),
            new Setup(services => services.AddAuthentication(Cookies).AddCookie().AddCookie("Other")).With(Cookies)
        },
        { "BearerScheme must be a scheme of AddBearerToken, was 'Cookies'.", Bearer(Cookies), Bearer("BearerToken") },
        { "BearerScheme must be a scheme of AddBearerToken, was 'Beerer'.", Bearer("Beerer"), Bearer("BearerToken") },
        { "by the scheme 'Cookies' and recognised by 'Bearer'", RecognisedBy("Bearer"), RecognisedBy(Cookies) },
        {
            "by the scheme 'Identity.External' and recognised by 'Identity.Application'",
            new(services => services.AddIdentity<IdentityUser, IdentityRole>()),
            new Setup(services => services.AddIdentity<IdentityUser, IdentityRole>()).With("Identity.Application")
        },
        {
            "recognised by 'Identity.BearerAndApplication'",
            new(services => services.AddIdentityApiEndpoints<IdentityUser>()),
            new Setup(services => services.AddIdentityApiEndpoints<IdentityUser>()).With("Identity.Application")
        },
        {
            "'HTTP: POST /login' of MapIdentityApi signs users in by their password alone.",
            new(services => services.AddIdentityApiEndpoints<IdentityUser>(), app => app.MapIdentityApi<IdentityUser>()),
            new(services => services.AddIdentityApiEndpoints<IdentityUser>(), app => app.MapPost("/login", () => "calls BeginAsync"))
        },
        { "asks for MFA of the scheme 'Bearer', not of 'Cookies' alone", MfaOf("Bearer"), MfaOf(Cookies) },
        { "The sign-in cookie of the scheme 'Cookies'", CookieWith(cookie => cookie.HttpOnly = false), Proper },
        { "The sign-in cookie of the scheme 'Cookies'", CookieWith(cookie => cookie.SameSite = SameSiteMode.None), Proper },
        { "The sign-in cookie of the scheme 'Cookies'", CookieWith(cookie => cookie.SecurePolicy = CookieSecurePolicy.None), Proper },
        { "with a chance of up to 0.24 %; with the defaults it is 0.18 %.", Seeing(pastSteps: 2), Seeing(pastSteps: 1) },
        {
            "Data Protection keeps its keys in memory",
            Proper.And(services => services.AddDataProtection().UseEphemeralDataProtectionProvider()),
            Proper
        },
        {
            "Data Protection keeps its keys where the framework puts them by default",
            Proper.And(services => services.PostConfigure<KeyManagementOptions>(options => options.XmlRepository = null)),
            Proper
        },
    };

    private static Setup Proper { get; } = new(services => services.AddAuthentication(Cookies).AddCookie());

    private IEnumerable<string> Warnings => _log.Lines.Where(line =>
        line.StartsWith("Warning ", StringComparison.Ordinal) && !line.Contains("No XML encryptor", StringComparison.Ordinal));

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task Start_Mistake_IsNamedAndItsAdviceWorks(string message, Setup mistake, Setup advised)
    {
        Assert.Contains(message, await MessageAsync(mistake), StringComparison.Ordinal);
        Assert.DoesNotContain(message, await MessageAsync(advised), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ProperlySetUp_WarnsOfNothing() => Assert.Empty(await MessageAsync(MfaOf(Cookies)));

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
        await MessageAsync(Proper with
        {
            Map = app =>
            {
                app.MapMfaEndpoints();
                app.MapMfaEndpoints("/account/mfa");
            },
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", true)]
    [InlineData("Development", false)]
    public async Task Start_RecordsInMemory_IsWarnedOfOutsideDevelopment(string environment, bool isWarned)
    {
        var message = await MessageAsync(Proper.And(services => new MfaBuilder(services).UseInMemory()), environment);

        Assert.Equal(isWarned, message.Contains("MFA records are kept in memory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_TableIsMissing_SaysSoAndCreatingItHelps()
    {
        var database = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "new.db")};Pooling=False");
        var setup = Proper.And(services => new MfaBuilder(services).UseSql(database, SqlDialect.Sqlite));

        var message = await MessageAsync(setup, environment: "Development");

        Assert.Contains("InvalidOperationException: The table 'callroute_mfa' is missing", message, StringComparison.Ordinal);
        await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await MessageAsync(setup, environment: "Development"));
    }

    [Fact]
    public async Task Start_StoreWarns_IsLogged()
    {
        var store = new CheckedStore(isSupported: true);

        var message = await MessageAsync(Proper.And(services => new MfaBuilder(services).UseStore(_ => store)));

        Assert.StartsWith("Warning The setting is dangerous.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoreIsNotSupported_Stops()
    {
        var store = new CheckedStore(isSupported: false);

        await Assert.ThrowsAsync<NotSupportedException>(
            () => StartAsync(Proper.And(services => new MfaBuilder(services).UseStore(_ => store))));
    }

    [Theory]
    [InlineData("the same", false)]
    [InlineData("random at every start", true)]
    [InlineData("Data Protection in memory", true)]
    public async Task Start_KeysOfAnotherStart_IsWarnedOf(string keys, bool isWarned)
    {
        using var first = NewKeys();
        using var second = NewKeys();
        await using var app = await StartAsync(Proper.And(services => new MfaBuilder(services).UseAesGcm(first)));

        var message = await MessageAsync(Proper.And(services => _ = keys switch
        {
            "the same" => new MfaBuilder(services).UseAesGcm(first),
            "random at every start" => new MfaBuilder(services).UseAesGcm(second),
            _ => (object)services.AddDataProtection().UseEphemeralDataProtectionProvider(),
        }));

        Assert.Equal(isWarned, message.Contains("This node cannot decrypt what another node", StringComparison.Ordinal));
    }

    private static KeyRing NewKeys() =>
        new("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });

    [Fact]
    public async Task Start_KeysOfOnesOwn_NothingIsSaidOfDataProtection()
    {
        using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] });

        var message = await MessageAsync(Proper.And(services =>
        {
            new MfaBuilder(services).UseAesGcm(keys);
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
        }));

        Assert.Empty(message);
    }

    [Fact]
    public async Task Requests_WithoutUseAuthentication_AreNobodys()
    {
        await using var app = await StartAsync(Proper with
        {
            Map = app =>
            {
                // An application with its own pipeline may forget it. Otherwise the framework adds it.
                ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
                app.UseAuthorization();
                app.MapMfaEndpoints();
                app.MapGet("/login", context => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", "ann")], "pwd"))));
                app.MapGet("/me", (HttpContext context) => $"signed in: {context.User.Identity!.IsAuthenticated}");
            },
        });
        using var client = BareApp.ClientOf(app);
        using var login = await client.GetAsync(new Uri("/login", UriKind.Relative), TestContext.Current.CancellationToken);

        using var response = await client.GetAsync(new Uri("/mfa/", UriKind.Relative), TestContext.Current.CancellationToken);
        var me = await client.GetStringAsync(new Uri("/me", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.Unauthorized, "signed in: False"), (login.StatusCode, response.StatusCode, me));
        Assert.Empty(Warnings);
    }

    private static AuthenticationBuilder AddBearer(AuthenticationBuilder schemes) =>
        schemes.AddScheme<AuthenticationSchemeOptions, TokenHandler>("Bearer", null);

    private static Setup Bearer(string scheme) => new(services =>
    {
        services.AddAuthentication(Cookies).AddCookie().AddBearerToken();
        services.Configure<MfaSignInOptions>(options => options.BearerScheme = scheme);
    });

    private static Setup RecognisedBy(string scheme) => new(services =>
    {
        AddBearer(services.AddAuthentication(Cookies).AddCookie());
        services.Configure<AuthenticationOptions>(options => options.DefaultAuthenticateScheme = scheme);
    });

    private static Setup MfaOf(string scheme) => new(
        services => AddBearer(services.AddAuthentication(Cookies).AddCookie()),
        app => app.MapGet("/", () => "ok").RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireMfa()));

    private static Setup CookieWith(Action<CookieBuilder> change) =>
        new(services => services.AddAuthentication(Cookies).AddCookie(options => change(options.Cookie)));

    private static Setup Seeing(int pastSteps) =>
        Proper.And(services => services.Configure<MfaOptions>(options => options.PastSteps = pastSteps));

    private async Task<WebApplication> StartAsync(Setup setup, string environment = "Production")
    {
        var database = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "mfa.db")};Pooling=False");
        await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync(TestContext.Current.CancellationToken);
        return await BareApp.StartAsync(
            services =>
            {
                services.AddDataProtection().PersistKeysToFileSystem(_folder).SetApplicationName("test");
                services.AddSingleton<IMfaUsers, StubUsers>();
                services.AddCallrouteMfa(options => options.Issuer = "Test")
                    .UseDataProtection().UseArgon2().UseSql(database, SqlDialect.Sqlite);
                setup.Add(services);
            },
            setup.Map,
            environment,
            _log);
    }

    /// <summary>Starts an application.</summary>
    /// <returns>Why it did not start, or its warnings; empty if there are none.</returns>
    private async Task<string> MessageAsync(Setup setup, string environment = "Production")
    {
        var before = Warnings.Count();
        try
        {
            await using var app = await StartAsync(setup, environment);
            return string.Join('\n', Warnings.Skip(before));
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>What an application adds to the parts that every one of these tests has.</summary>
    public sealed record Setup(Action<IServiceCollection> Add, Action<WebApplication>? Map = null)
    {
        public Setup And(Action<IServiceCollection> add) => this with { Add = Add + add };

        /// <summary>Signs in with a scheme that is not the default one.</summary>
        public Setup With(string scheme) => And(services => services.Configure<MfaSignInOptions>(options => options.Scheme = scheme));
    }

    private sealed class CheckedStore(bool isSupported) : IMfaStore, IMfaStoreCheck
    {
        public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => isSupported
            ? Task.FromResult<IReadOnlyList<string>>(["The setting is dangerous."])
            : throw new NotSupportedException("The setting is dangerous.");

        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken) => new((StoredRecord?)null);

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken) =>
            new(false);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken) => new(false);
    }
}
