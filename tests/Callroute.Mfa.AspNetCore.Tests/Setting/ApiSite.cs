using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>The MinimalApi sample with a store that can fail and a recorded log.</summary>
internal sealed class ApiSite : Site<Program>
{
    public FaultInjectingStore Store { get; } = FaultInjectingStore.Around(new InMemoryMfaStore());

    public RecordedLog Log { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        Add(services => services.AddSingleton<IMfaStore>(Store));
        base.ConfigureWebHost(builder);
        builder.UseSetting("Logging:LogLevel:Default", "Trace").UseSetting("Logging:LogLevel:Microsoft", "Trace");
    }
}
