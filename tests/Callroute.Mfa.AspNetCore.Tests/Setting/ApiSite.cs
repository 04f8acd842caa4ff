using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>The MinimalApi sample with a store that can fail and a recorded log.</summary>
internal sealed class ApiSite : Site<Program>
{
    public FaultInjectingStore Store { get; } = FaultInjectingStore.Around(new InMemoryMfaStore());

    public RecordedLog Log { get; } = new();

    /// <summary>Replaces the sample's users by one user, registered as an application with a database would.</summary>
    public StubUsers UseStubUsers()
    {
        var users = new StubUsers();
        Add(services => services.AddScoped<IMfaUsers>(_ => users));
        return users;
    }

    /// <summary>Maps endpoints that the sample does not have.</summary>
    public void Map(Action<IEndpointRouteBuilder> map) => Add(services => services.AddSingleton<IStartupFilter>(new Mapping(map)));

    /// <summary>Loses the record of a user, as an old backup would.</summary>
    public async Task LoseRecordAsync(MfaSubject subject)
    {
        var stored = await Store.FindAsync(subject);
        Assert.True(await Store.TryDeleteAsync(subject, stored!.Version));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        Add(services => services.AddSingleton<IMfaStore>(Store));
        base.ConfigureWebHost(builder);
        builder.UseSetting("Logging:LogLevel:Default", "Trace").UseSetting("Logging:LogLevel:Microsoft", "Trace");
    }

    private sealed class Mapping(Action<IEndpointRouteBuilder> map) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.UseEndpoints(map);
        };
    }
}
