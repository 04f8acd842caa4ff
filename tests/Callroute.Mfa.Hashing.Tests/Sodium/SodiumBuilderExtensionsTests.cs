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
        var parameters = new Argon2Parameters(64, 1, 1);
        var services = new ServiceCollection();
        services.AddCallrouteMfa(settings => settings.Issuer = "Test").UseSodium(parameters);

        await using var provider = services.BuildServiceProvider();

        var hasher = Assert.IsType<SodiumRecoveryCodeHasher>(provider.GetRequiredService<IRecoveryCodeHasher>());
        Assert.Same(parameters, hasher.Parameters);
    }

    [Fact]
    public void UseSodium_SeveralLanes_ThrowsAtRegistration()
    {
        var builder = new ServiceCollection().AddCallrouteMfa(settings => settings.Issuer = "Test");

        Assert.Throws<ArgumentException>("parameters", () => { builder.UseSodium(new Argon2Parameters(64, 1, 2)); });
    }
}
