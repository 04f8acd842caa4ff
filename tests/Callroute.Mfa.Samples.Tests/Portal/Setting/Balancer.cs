using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>A reverse proxy that gives each request to the next of two instances, and nobody an instance of their own.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly WebApplication _proxy;

    private Balancer(WebApplication proxy) => _proxy = proxy;

    public Uri Address => new UriBuilder(_proxy.Urls.Single()) { Host = "localhost" }.Uri;

    public static async Task<Balancer> StartAsync(params Uri[] instances)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var route = new RouteConfig { RouteId = "all", ClusterId = "portal", Match = new() { Path = "{**path}" } }
            .WithTransformUseOriginalHostHeader();
        var cluster = new ClusterConfig
        {
            ClusterId = "portal",
            LoadBalancingPolicy = "RoundRobin",
            Destinations = instances.ToDictionary(
                instance => instance.ToString(), instance => new DestinationConfig { Address = instance.ToString() }),
        };
        builder.Services.AddReverseProxy().LoadFromMemory([route], [cluster]);
        var proxy = builder.Build();
        proxy.MapReverseProxy();
        proxy.Urls.Add("http://127.0.0.1:0");
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return new Balancer(proxy);
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();
}
