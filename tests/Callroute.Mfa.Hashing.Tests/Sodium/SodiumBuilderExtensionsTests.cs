using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Hashing.Tests.Sodium;

public class SodiumBuilderExtensionsTests
{
    [Fact]
    public async Task UseSodium_Parameters_AreThoseOfTheHasher()
    {
        var services = new ServiceCollection();
        services.AddCallrouteMfa(settings => settings.Issuer = "Test").UseSodium(memoryKib: 64, iterations: 3);

        await using var provider = services.BuildServiceProvider();

        var hasher = provider.GetRequiredService<IRecoveryCodeHasher>();
        Assert.IsType<SodiumRecoveryCodeHasher>(hasher);
        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=1$", hasher.CreateSettings(), StringComparison.Ordinal);
    }

    [Fact]
    public void UseSodium_OutOfRange_ThrowsAtRegistration()
    {
        var builder = new ServiceCollection().AddCallrouteMfa(settings => settings.Issuer = "Test");

        Assert.Throws<ArgumentOutOfRangeException>("memoryKib", () => { builder.UseSodium(memoryKib: 7); });
    }
}
