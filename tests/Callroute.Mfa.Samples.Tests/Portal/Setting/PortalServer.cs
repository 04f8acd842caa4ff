using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>The portal on a free port, with nothing replaced but the clock and the costs of hashing.</summary>
internal sealed class PortalServer : Site<Program>
{
    public PortalServer()
    {
        Set("Portal:Administrator", "admin@example.com");
        UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        StartServer();
        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
    }

    public Uri Address { get; }
}
