using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>The portal as a process, by the real clock: alone as on a fresh clone, and two instances as one.</summary>
public sealed class InstancesTests(Chromium chromium) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("callroute-portals-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Portal_StartedWithNoSetting_LetsTheDemoUserIn()
    {
        _ = chromium.Browser;
        await using var portal = await PortalProcess.StartAsync("Development", $"--Portal:Data={Data}");
        await using var demo = await Person.OpenAsync(chromium.Browser, portal.Address, TimeProvider.System, "demo@example.com", new());

        await demo.EnterPasswordAsync(portal.Output.Split('"')[1]);

        await demo.SeesAsync("My profile");
        await demo.ReadsAsync("Demo User");
        Assert.True(
            OperatingSystem.IsWindows()
                || File.GetUnixFileMode(Data) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
            "Others may read the database and the keys.");
    }

    [Fact]
    public async Task TwoInstances_OnOnePostgreSql_AreOne()
    {
        Assert.SkipUnless(SharedServers.WhyNoPostgreSql is null, SharedServers.WhyNoPostgreSql ?? string.Empty);
        await AreOneAsync("Postgres", await SharedServers.PostgreSqlAsync());
    }

    [Fact]
    public async Task TwoInstances_OnOneRedis_AreOne()
    {
        Assert.SkipUnless(SharedServers.WhyNoRedis is null, SharedServers.WhyNoRedis ?? string.Empty);
        await AreOneAsync("Redis", await SharedServers.RedisAsync());
    }

    private async Task AreOneAsync(string store, string connectionString)
    {
        _ = chromium.Browser;

        // Processes of their own on a busy machine. A call that its bound ends would lead to another page.
        string[] settings =
        [
            $"--Portal:Data={Data}", $"--Portal:Store={store}", $"--Portal:ConnectionString={connectionString}",
            "--Callroute:Mfa:CallTimeout=00:01:00", "--Callroute:Mfa:Recovery:MaximumHashWait=00:01:00",
        ];
        await using var first = await PortalProcess.StartAsync("Production", settings);
        await using var second = await PortalProcess.StartAsync("Production", settings);
        await using var balancer = await Balancer.StartAsync(first.Address, second.Address);
        var email = $"{Guid.NewGuid():N}@example.com";
        await using var ann = await Person.OpenAsync(chromium.Browser, balancer.Address, TimeProvider.System, email, new());

        // Every request of these goes to another instance than the one before.
        await ann.RegisterAsync();
        await ann.EnableMfaAsync();
        await ann.ReadsAsync("You have successfully enabled MFA for your account.");
        await ann.SignOutAsync();

        // The code of the next step, so that nobody waits for it; each instance is asked directly now.
        var code = ann.Phone!.GetCodeAt(DateTimeOffset.UtcNow + TimeSpan.FromSeconds(30));
        await using var atFirst = await Person.OpenAsync(chromium.Browser, first.Address, TimeProvider.System, email, new());
        await using var atSecond = await Person.OpenAsync(chromium.Browser, second.Address, TimeProvider.System, email, new());
        await atFirst.SignInAsync(code);
        await atFirst.SeesAsync("My profile");
        await atSecond.SignInAsync(code);
        await atSecond.ReadsAsync(atSecond.Alert, "That code was not accepted.");
        await atSecond.EnterCodeAsync(ann.RecoveryCode);
        await atSecond.SeesAsync("Your recovery code");
        var replacement = await atSecond.ReadRecoveryCodeAsync();

        // The session that one gave, and the code that it made, are known to the other.
        await atSecond.SaveRecoveryCodeAsync();
        await ann.SignInAsync(replacement);
        await ann.SeesAsync("Your recovery code");
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("Recovery code used");
        Assert.Empty(ann.Complaints);
    }
}
