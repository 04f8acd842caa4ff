using Callroute.Mfa.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class AesGcmSecretProtectorProperties
{
    private static readonly SecretContext Context = SecretContext.ForReceipt(new MfaSubject("alice"));

    [Property(MaxTest = 500)]
    public async Task UnprotectAsync_Protected_GivesThePlaintextUnlessABitFlips(byte[] plaintext, PositiveInt random)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var keys = new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = new byte[KeyRing.KeySize] });
        var protector = new AesGcmSecretProtector(keys);

        var envelope = await protector.ProtectAsync(plaintext, Context, cancellationToken);
        var opened = await protector.UnprotectAsync(envelope, Context, cancellationToken);
        var bit = random.Get % (envelope.Length * 8);
        envelope[bit / 8] ^= (byte)(1 << (bit % 8));

        Assert.Equal(plaintext, opened);
        await Assert.ThrowsAsync<SecretProtectionException>(async () => await protector.UnprotectAsync(envelope, Context, cancellationToken));
    }
}
