using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public sealed class AesGcmSecretProtectorTests : IDisposable
{
    private const int HeaderSize = 2;

    private static readonly Guid AuthenticatorId = new("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a10");
    private static readonly MfaSubject Alice = new("alice", "acme");
    private static readonly SecretContext Context = SecretContext.ForTotp(Alice, AuthenticatorId, TotpParameters.Default);
    private static readonly byte[] Plaintext = "12345678901234567890"u8.ToArray();

    private readonly KeyRing _keys = Ring("k1", ("k1", 1));

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(4096)]
    public async Task UnprotectAsync_Protected_GivesThePlaintext(int size)
    {
        var plaintext = Enumerable.Range(0, size).Select(i => (byte)(i % 251)).ToArray();

        var envelope = await Protect(_keys, plaintext);

        Assert.Equal(plaintext, await Unprotect(_keys, envelope, Context));
        Assert.Equal(HeaderSize + "k1".Length + 12 + size + 16, envelope.Length);
    }

    // A cipher that two threads used at once would give wrong plaintexts and tags that do not match.
    [Fact]
    public async Task ProtectAndUnprotectAsync_ByManyThreadsAtOnce_AreRight()
    {
        var envelope = await Protect(_keys, Plaintext);

        await Parallel.ForAsync(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var mine = BitConverter.GetBytes(i);
            Assert.Equal(mine, await Unprotect(_keys, await Protect(_keys, mine), Context));
            Assert.Equal(Plaintext, await Unprotect(_keys, envelope, Context));
        });
    }

    [Fact]
    public async Task ProtectAsync_TooLong_NamesParameterAndRange()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(async () => await Protect(_keys, new byte[4097]));

        Assert.Equal("plaintext", exception.ParamName);
        Assert.Contains("0–4096 bytes long, was 4097", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProtectAsync_SameSecretTwice_HasAnotherNonceAndCiphertext()
    {
        var envelopes = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            var envelope = await Protect(_keys, Plaintext);
            envelopes.Add(Convert.ToHexString(envelope.AsSpan(HeaderSize + 2, 12)));
        }

        Assert.Equal(1000, envelopes.Count);
    }

    [Fact]
    public async Task ProtectAsync_Envelope_DoesNotHoldThePlaintext()
    {
        var envelope = await Protect(_keys, Plaintext);

        Assert.Equal(-1, envelope.AsSpan().IndexOf(Plaintext.AsSpan(0, 4)));
    }

    [Fact]
    public async Task UnprotectAsync_AnyBitFlipped_Fails()
    {
        var envelope = await Protect(_keys, Plaintext);

        for (var bit = 0; bit < envelope.Length * 8; bit++)
        {
            var altered = envelope.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertRefused(_keys, altered, Context);
        }
    }

    [Fact]
    public async Task UnprotectAsync_AnyTruncationOrExtension_Fails()
    {
        var envelope = await Protect(_keys, Plaintext);

        for (var length = 0; length < envelope.Length; length++)
        {
            await AssertRefused(_keys, envelope[..length], Context);
        }

        await AssertRefused(_keys, [.. envelope, 0], Context);
        await AssertRefused(_keys, [.. envelope, .. new byte[1 << 20]], Context);
    }

    // Bar B-38: what was protected for one purpose is worth nothing anywhere else.
    [Fact]
    public Task UnprotectAsync_OtherUser_Fails() =>
        AssertMoved(SecretContext.ForTotp(new MfaSubject("bob", "acme"), AuthenticatorId, TotpParameters.Default));

    [Fact]
    public Task UnprotectAsync_UserInOtherCase_Fails() =>
        AssertMoved(SecretContext.ForTotp(new MfaSubject("Alice", "acme"), AuthenticatorId, TotpParameters.Default));

    [Fact]
    public Task UnprotectAsync_OtherTenant_Fails() =>
        AssertMoved(SecretContext.ForTotp(new MfaSubject("alice", "evil"), AuthenticatorId, TotpParameters.Default));

    [Fact]
    public Task UnprotectAsync_NoTenant_Fails() =>
        AssertMoved(SecretContext.ForTotp(new MfaSubject("alice"), AuthenticatorId, TotpParameters.Default));

    [Fact]
    public Task UnprotectAsync_OtherPurpose_Fails() => AssertMoved(SecretContext.ForReceipt(Alice));

    [Fact]
    public Task UnprotectAsync_OtherAuthenticator_Fails() =>
        AssertMoved(SecretContext.ForTotp(Alice, new Guid("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a11"), TotpParameters.Default));

    [Fact]
    public async Task UnprotectAsync_OtherParameters_Fails()
    {
        await AssertMoved(SecretContext.ForTotp(Alice, AuthenticatorId, new TotpParameters { Algorithm = OtpAlgorithm.Sha256 }));
        await AssertMoved(SecretContext.ForTotp(Alice, AuthenticatorId, new TotpParameters { Digits = 8 }));
        await AssertMoved(SecretContext.ForTotp(Alice, AuthenticatorId, new TotpParameters { Period = TimeSpan.FromSeconds(60) }));
        await AssertMoved(SecretContext.ForTotp(Alice, AuthenticatorId, new TotpParameters { T0 = DateTimeOffset.UnixEpoch.AddSeconds(1) }));
    }

    // Two ids, one key: only the authenticated id tells them apart.
    [Fact]
    public async Task UnprotectAsync_OtherKeyIdOfTheSameKey_Fails()
    {
        using var keys = Ring("k1", ("k1", 1), ("k2", 1));
        var envelope = await Protect(keys, Plaintext);

        envelope[HeaderSize + 1] = (byte)'2';

        await AssertRefused(keys, envelope, Context);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public async Task UnprotectAsync_OtherFormatVersion_Fails(byte version)
    {
        var envelope = await Protect(_keys, Plaintext);

        envelope[0] = version;

        await AssertRefused(_keys, envelope, Context);
    }

    [Fact]
    public async Task UnprotectAsync_KeyMissing_FailsWithoutNamingTheKey()
    {
        var envelope = await Protect(_keys, Plaintext);
        using var other = Ring("other", ("other", 1));

        var exception = await AssertRefused(other, envelope, Context);

        Assert.DoesNotContain("k1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnprotectAsync_OtherKeyUnderTheSameId_Fails()
    {
        var envelope = await Protect(_keys, Plaintext);
        using var other = Ring("k1", ("k1", 9));

        var exception = await AssertRefused(other, envelope, Context);

        Assert.Contains("key of that name", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeedsReencryption_Rotation_IsTrueUntilProtectedAgain()
    {
        using var rotated = Ring("k2", ("k1", 1), ("k2", 2));
        var protector = new AesGcmSecretProtector(rotated);
        var old = await Protect(_keys, Plaintext);

        var opened = await Unprotect(rotated, old, Context);
        var renewed = await Protect(rotated, opened);

        Assert.Equal(Plaintext, opened);
        Assert.True(protector.NeedsReencryption(old));
        Assert.False(protector.NeedsReencryption(renewed));
        Assert.False(new AesGcmSecretProtector(_keys).NeedsReencryption(old));
        await AssertRefused(_keys, renewed, Context);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0100")]
    [InlineData("FF026B31")]
    public void NeedsReencryption_UnknownForm_IsTrue(string hexadecimal)
    {
        Assert.True(new AesGcmSecretProtector(_keys).NeedsReencryption(Convert.FromHexString(hexadecimal)));
    }

    [Fact]
    public async Task ProtectAndUnprotect_RingDisposed_Fail()
    {
        var envelope = await Protect(_keys, Plaintext);

        _keys.Dispose();

        await Assert.ThrowsAsync<SecretProtectionException>(async () => await Protect(_keys, Plaintext));
        await AssertRefused(_keys, envelope, Context);
    }

    [Fact]
    public async Task NullArguments_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("keys", () => new AesGcmSecretProtector(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("context", async () => await Unprotect(_keys, Plaintext, null!));
    }

    private static KeyRing Ring(string active, params (string Id, byte Fill)[] keys) =>
        new(active, keys.ToDictionary(key => key.Id, key => Enumerable.Repeat(key.Fill, KeyRing.KeySize).ToArray()));

    private static ValueTask<byte[]> Protect(KeyRing keys, byte[] plaintext) =>
        new AesGcmSecretProtector(keys).ProtectAsync(plaintext, Context, TestContext.Current.CancellationToken);

    private static ValueTask<byte[]> Unprotect(KeyRing keys, byte[] envelope, SecretContext context) =>
        new AesGcmSecretProtector(keys).UnprotectAsync(envelope, context, TestContext.Current.CancellationToken);

    private static Task<SecretProtectionException> AssertRefused(KeyRing keys, byte[] envelope, SecretContext context) =>
        Assert.ThrowsAsync<SecretProtectionException>(async () => await Unprotect(keys, envelope, context));

    private async Task AssertMoved(SecretContext context)
    {
        var envelope = await Protect(_keys, Plaintext);

        await AssertRefused(_keys, envelope, context);
        Assert.Equal(Plaintext, await Unprotect(_keys, envelope, Context));
    }
}
