using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Execution;

public sealed class SecretProtectionTests
{
    // A key bears a bounded number of encryptions. The page on protection counts them.
    [Fact]
    public async Task ProtectAsync_CallsOfALife_EncryptAsOftenAsThePageSays()
    {
        var encryptions = 0;
        var protector = new HookedProtector(new AesGcmSecretProtector(Scenario.NewKeys("k1"))) { OnProtect = () => encryptions++ };
        var scenario = new Scenario(protector: protector);

        var (offer, phone) = await scenario.BeginAndScanAsync();
        var begin = Taken();
        var codes = (await scenario.ConfirmAsync(offer, phone.GetCode())).RecoveryCodes!;
        var confirm = Taken();
        scenario.NextCode();
        await scenario.RegenerateAsync(scenario.CodeOf(phone));
        var regenerate = Taken();
        await scenario.VerifyAsync(codes.Reveal()[0]);
        var recover = Taken();
        await scenario.RotateKeysAsync();

        Assert.Equal((1, 2, 0, 1, 0), (begin, confirm, regenerate, recover, Taken()));

        int Taken() => Interlocked.Exchange(ref encryptions, 0);
    }
}
