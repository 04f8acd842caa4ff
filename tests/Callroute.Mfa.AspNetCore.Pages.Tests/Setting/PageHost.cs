using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>An application with the pages and two users. Everything else is what a test adds.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    public const string Prefix = "/account/security";

    private readonly WebApplication _app;

    private PageHost(WebApplication app, Clock clock, TestUsers users) => (_app, Clock, Users) = (app, clock, users);

    public Clock Clock { get; }

    public TestUsers Users { get; }

    /// <summary>The addresses that take forms, with ids in place of parameters.</summary>
    public string[] FormAddresses => [.. AddressesOf(HttpMethods.Post)];

    public static async Task<PageHost> StartAsync(
        Action<IServiceCollection>? add = null,
        Action<WebApplication>? map = null,
        Action<MfaPagesOptions>? pages = null,
        Action<MfaOptions>? mfa = null,
        string administration = "administrator")
    {
        var (clock, users) = (new Clock(), new TestUsers());
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IMfaUsers>(users);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => (options.LoginPath, options.AccessDeniedPath, options.ReturnUrlParameter) =
                ("/login", $"{Prefix}/step-up", "returnUrl"));
        builder.Services.AddCallrouteMfa(options =>
        {
            options.Issuer = "Callroute";
            (options.CallTimeout, options.Recovery.MaximumHashWait) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            mfa?.Invoke(options);
        }).UseDataProtection().UseInMemory();
        builder.Services.AddSingleton<IRecoveryCodeHasher>(new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1));
        builder.Services.AddMfaPages(pages);
        builder.Services.AddAuthorizationBuilder().AddPolicy("administrator", policy => policy.RequireClaim("role", "administrator"));
        add?.Invoke(builder.Services);
        var app = builder.Build();
        (map ?? Login.Map)(app);
        app.MapGet("/", () => "home");
        app.MapGet("/payments", () => "paid").RequireAuthorization(policy => policy.RequireRecentMfa(TimeSpan.FromMinutes(5)));
        app.MapGet("/inside", () => TypedResults.Content("inside", "text/html")).RequireAuthorization();
        app.MapMfaPages(administration: administration);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PageHost(app, clock, users);
    }

    public MfaService Mfa => _app.Services.GetRequiredService<MfaService>();

    public async Task<MfaStatus> StatusAsync(string name = "ann") =>
        await Mfa.GetStatusAsync(new MfaSubject(name), TestContext.Current.CancellationToken);

    public PageBrowser Open() => new(this, _app.GetTestServer().CreateHandler());

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IEnumerable<string> AddressesOf(string method) =>
        from endpoint in _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) == true
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path.StartsWith(Prefix, StringComparison.Ordinal)
        select System.Text.RegularExpressions.Regex.Replace(path, "{[^}]*}", Guid.Empty.ToString());
}
