using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.AspNetCore.Tests;

/// <summary>The MinimalApi sample on a clock of ours, a store that can fail, and a cheap hash.</summary>
internal sealed class Site : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-site-").FullName;
    private readonly WebApplicationFactory<Program> _factory;

    public Site(Action<IServiceCollection>? configure = null, params (string Setting, string Value)[] settings)
    {
        Store = FaultInjectingStore.Around(Memory);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("ConnectionStrings:Mfa", $"Data Source={Path.Combine(_folder, "mfa.db")}");
            foreach (var (setting, value) in settings)
            {
                host.UseSetting(setting, value);
            }

            host.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
            host.ConfigureTestServices(services =>
            {
                services.AddSingleton<TimeProvider>(Clock);
                services.AddSingleton<IMfaStore>(Store);
                services.AddSingleton<IRecoveryCodeHasher>(new Argon2RecoveryCodeHasher(new Argon2Parameters(8, 1, 1)));
                configure?.Invoke(services);
            });
        });
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    public InMemoryMfaStore Memory { get; } = new();

    public FaultInjectingStore Store { get; }

    public RecordedLog Log { get; } = new();

    public IServiceProvider Services => _factory.Services;

    public MfaService Mfa => Services.GetRequiredService<MfaService>();

    public Browser Open() => new(this, _factory.Server);

    /// <summary>A client that adds neither cookies nor headers.</summary>
    public HttpClient Raw() => new(_factory.Server.CreateHandler());

    public void Dispose()
    {
        _factory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
