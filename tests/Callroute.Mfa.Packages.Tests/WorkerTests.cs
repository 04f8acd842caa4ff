using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Packages.Tests;

public sealed class WorkerTests(PackedFeed feed)
{
    [Fact]
    public async Task Worker_OnRedis_EnrolsAndSignsInOnce()
    {
        Assert.SkipWhen(SharedServers.WhyNoRedis is not null, SharedServers.WhyNoRedis ?? string.Empty);
        var redis = await SharedServers.RedisAsync();

        var output = ExternalProgram.Run("dotnet", [Path.Combine(feed.Build("Worker"), "Worker.dll"), $"--Redis={redis}"]);

        Assert.Contains("enrolled: True, signed in: True, again: False", output, StringComparison.Ordinal);
    }
}
