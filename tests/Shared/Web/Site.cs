using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Tests;

/// <summary>A web sample that runs in this process, with a test clock, a separate folder and cheap hashes.</summary>
/// <remarks>It starts at the first use of its services or its server. A test changes it before that.</remarks>
internal class Site<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    private readonly List<Action<IWebHostBuilder>> _changes = [];

    public Clock Clock { get; } = new();

    /// <summary>The folder of the database and the keys.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("callroute-site-").FullName;

    public MfaService Mfa => Services.GetRequiredService<MfaService>();

    public void Set(string setting, string value) => _changes.Add(host => host.UseSetting(setting, value));

    public void Add(Action<IServiceCollection> add) => _changes.Add(host => host.ConfigureTestServices(add));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        var database = $"Data Source={Path.Combine(Data, "site.db")};Pooling=False";
        builder.UseSetting("ConnectionStrings:Mfa", database).UseSetting("ConnectionStrings:Shop", database)
            .UseSetting("Portal:Data", Data);
        builder.UseSetting("Logging:LogLevel:Default", "Error").UseSetting("Logging:LogLevel:Microsoft", "Error");
        builder.ConfigureTestServices(services => services
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IRecoveryCodeHasher>(new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1))
            .Configure<MfaOptions>(options =>   // on a busy machine
                (options.CallTimeout, options.Recovery.MaximumHashWait) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)))
            .Configure<PasswordHasherOptions>(options => options.IterationCount = 1));
        _changes.ForEach(change => change(builder));
    }
}
