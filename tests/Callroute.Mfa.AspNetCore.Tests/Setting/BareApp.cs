using Callroute.Mfa.Argon2;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>An application on Kestrel. It contains only the parts that a test adds.</summary>
internal static class BareApp
{
    public const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;

    public static async Task<WebApplication> StartAsync(
        Action<IServiceCollection> add,
        Action<WebApplication>? map = null,
        string environment = "Production",
        ILoggerProvider? log = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        add(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public static HttpClient ClientOf(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    /// <summary>Adds every part that the library needs, with a store in memory; the issuer must come from the settings.</summary>
    public static void AddAll(IServiceCollection services)
    {
        services.AddSingleton<IMfaUsers, StubUsers>();
        services.AddAuthentication(Cookies).AddCookie();
        services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseInMemory();
    }
}
