using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>The portal as it is, in this process and on a free port, with nothing replaced but the clock, and a cheap hash of passwords.</summary>
internal sealed class PortalServer : WebApplicationFactory<Program>
{
    public PortalServer()
    {
        UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        StartServer();
        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
    }

    public Clock Clock { get; } = new();

    /// <summary>The folder of the SQLite file and the keys.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("callroute-portal-").FullName;

    public Uri Address { get; }

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseSetting("Portal:Data", Data).UseSetting("Logging:LogLevel:Default", "Error").UseSetting("Logging:LogLevel:Microsoft", "Error").ConfigureTestServices(services => services
                .AddSingleton<TimeProvider>(Clock)
                .Configure<PasswordHasherOptions>(options => options.IterationCount = 1));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}
