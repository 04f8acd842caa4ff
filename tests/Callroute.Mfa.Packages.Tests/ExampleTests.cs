using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>The examples of the READMEs in one project. The one of the ASP.NET Core package never ends, so it is only compiled.</summary>
public sealed class ExampleTests(ExampleTests.Program program) : IClassFixture<ExampleTests.Program>
{
    [Theory]
    [InlineData("Core", "Type this into your app: ")]
    [InlineData("Argon2", "$argon2id$v=19$m=19456,t=2,p=1$")]
    [InlineData("Sodium", "$argon2id$v=19$m=19456,t=2,p=1$")]
    [InlineData("QrCode", "█")]
    [InlineData("Sql", "CREATE TABLE")]
    [InlineData("EntityFrameworkCore", "")]
    [InlineData("Testing", "Callroute, alice@example.com: ")]
    public void Example_Alone_Runs(string name, string expected) =>
        Assert.Contains(expected, program.Run(name), StringComparison.Ordinal);

    [Fact]
    public async Task Example_OfRedis_WarnsOnlyOfAFailover()
    {
        Assert.SkipWhen(SharedServers.WhyNoRedis is not null, SharedServers.WhyNoRedis ?? string.Empty);

        Assert.Contains(
            "DurableReplicas is 0: writes survive a restart of this server, but no failover.",
            Assert.Single(program.Run("Redis", await SharedServers.RedisAsync()).Trim().Split('\n')),
            StringComparison.Ordinal);
    }

    /// <summary>The project, built once.</summary>
    public sealed class Program(PackedFeed feed)
    {
        private readonly string _program = feed.BuildExamples();

        public string Run(params string[] arguments)
        {
            var (exitCode, output, error) = ExternalProgram.RunAny("dotnet", [_program, .. arguments], workingDirectory: feed.NewFolder());
            Assert.True(exitCode == 0, output + error);
            return output;
        }
    }
}
