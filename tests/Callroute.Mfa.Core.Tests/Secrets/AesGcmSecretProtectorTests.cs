using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public sealed class AesGcmSecretProtectorTests : IDisposable
{
    private const int HeaderSize = 2;

    private static readonly Guid AuthenticatorId = new("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a10");
    private static readonly MfaSubject Alice = new("alice", "acme");
    private static readonly ReadOnlyMemory<byte> Context = ForTotp(Alice, AuthenticatorId);
    private static readonly byte[] Plaintext = "12345678901234567890"u8.ToArray();

    private readonly KeyRing _keys = Ring("k1", ("k1", 1));

    public static TheoryData<string, ReadOnlyMemory<byte>> OtherContexts => new()
    {
        { "other user", ForTotp(new MfaSubject("bob", "acme"), AuthenticatorId) },
        { "user in other case", ForTotp(new MfaSubject("Alice", "acme"), AuthenticatorId) },
        { "other tenant", ForTotp(new MfaSubject("alice", "evil"), AuthenticatorId) },
        { "no tenant", ForTotp(new MfaSubject("alice"), AuthenticatorId) },
        { "other purpose", AssociatedData.ForReceipt(Alice) },
        { "other authenticator", ForTotp(Alice, new Guid("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a11")) },
        { "other algorithm", ForTotp(Alice, AuthenticatorId, new() { Algorithm = OtpAlgorithm.Sha256 }) },
        { "other digits", ForTotp(Alice, AuthenticatorId, new() { Digits = 8 }) },
        { "other period", ForTotp(Alice, AuthenticatorId, new() { Period = TimeSpan.FromSeconds(60) }) },
        { "other T0", ForTotp(Alice, AuthenticatorId, new() { T0 = DateTimeOffset.UnixEpoch.AddSeconds(1) }) },
    };

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

    // If two threads used one cipher at the same time, plaintexts would be wrong and tags would not match.
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

    [Theory]
    [MemberData(nameof(OtherContexts), DisableDiscoveryEnumeration = true)]
    public async Task UnprotectAsync_ForAnotherPurposeThanProtectedFor_Fails(string what, ReadOnlyMemory<byte> context)
    {
        var envelope = await Protect(_keys, Plaintext);

        await Assert.ThrowsAsync<SecretProtectionException>(
            async () => Assert.Fail($"{what}: {await Unprotect(_keys, envelope, context)}"));
    }

    // Two ids of the same key: only the authenticated id distinguishes them.
    [Fact]
    public async Task UnprotectAsync_OtherKeyIdOfTheSameKey_Fails()
    {
        using var keys = Ring("k1", ("k1", 1), ("k2", 1));
        var envelope = await Protect(keys, Plaintext);

        envelope[HeaderSize + 1] = (byte)'2';

        await AssertRefused(keys, envelope, Context);
    }

    [Theory]
    [InlineData("other", 1, false)]
    [InlineData("k1", 9, true)]
    public async Task UnprotectAsync_KeyMissingOrAnother_FailsWithoutNamingTheKey(string id, byte fill, bool hasTheName)
    {
        var envelope = await Protect(_keys, Plaintext);
        using var other = Ring(id, (id, fill));

        var exception = await AssertRefused(other, envelope, Context);

        Assert.DoesNotContain("k1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(hasTheName, exception.Message.Contains("key of that name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NeedsReencryption_Rotation_IsTrueUntilProtectedAgain()
    {
        using var rotated = Ring("k2", ("k1", 1), ("k2", 2));
        var protector = Protector(rotated);
        var old = await Protect(_keys, Plaintext);

        var opened = await Unprotect(rotated, old, Context);
        var renewed = await Protect(rotated, opened);

        Assert.Equal(Plaintext, opened);
        Assert.True(protector.NeedsReencryption(old));
        Assert.False(protector.NeedsReencryption(renewed));
        Assert.False(Protector(_keys).NeedsReencryption(old));
        await AssertRefused(_keys, renewed, Context);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0100")]
    [InlineData("FF026B31")]
    public void NeedsReencryption_UnknownForm_IsTrue(string hexadecimal)
    {
        Assert.True(Protector(_keys).NeedsReencryption(Convert.FromHexString(hexadecimal)));
    }

    [Fact]
    public async Task ProtectAndUnprotect_RingDisposed_Fail()
    {
        var envelope = await Protect(_keys, Plaintext);

        _keys.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Protect(_keys, Plaintext));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await ((ISecretProtector)new AesGcmSecretProtector(_keys)).UnprotectAsync(envelope, Context, Scenario.Token));
    }

    [Fact]
    public void Constructor_Null_IsRefusedByName() =>
        Assert.Throws<ArgumentNullException>("keys", () => new AesGcmSecretProtector(null!));

    // Without associated data, a secret would not be bound to a user.
    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    public async Task ProtectAndUnprotectAsync_AssociatedDataOfAnotherSize_IsRefusedByName(int size)
    {
        var protector = Protector(_keys);
        var cancellationToken = TestContext.Current.CancellationToken;

        var protect = await Assert.ThrowsAsync<ArgumentException>(
            "associatedData", async () => await protector.ProtectAsync(Plaintext, new byte[size], cancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(
            "associatedData", async () => await protector.UnprotectAsync(Plaintext, new byte[size], cancellationToken));

        Assert.StartsWith($"associatedData must be 1–4096 bytes long, was {size}.", protect.Message, StringComparison.Ordinal);
    }

    // The longest associated data that a user id and a tenant can give.
    [Fact]
    public async Task ProtectAsync_LongestSubject_FitsTheAssociatedData()
    {
        var subject = new MfaSubject(new string('漢', MfaSubject.MaximumLength), new string('字', MfaSubject.MaximumLength));
        var longest = AssociatedData.ForTotp(subject, AuthenticatorId, new TotpParameters());
        var cancellationToken = TestContext.Current.CancellationToken;

        var envelope = await Protector(_keys).ProtectAsync(Plaintext, longest, cancellationToken);

        Assert.Equal(Plaintext, await Protector(_keys).UnprotectAsync(envelope, longest, cancellationToken));
    }

    [SuppressMessage("Performance", "CA1859", Justification = "Only the interface shows the members.")]
    private static ISecretProtector Protector(KeyRing keys) => new AesGcmSecretProtector(keys);

    private static KeyRing Ring(string active, params (string Id, byte Fill)[] keys) =>
        new(active, keys.ToDictionary(key => key.Id, key => Enumerable.Repeat(key.Fill, 32).ToArray()));

    private static ReadOnlyMemory<byte> ForTotp(MfaSubject subject, Guid authenticatorId, TotpParameters? parameters = null) =>
        AssociatedData.ForTotp(subject, authenticatorId, parameters ?? new TotpParameters());

    private static ValueTask<byte[]> Protect(KeyRing keys, byte[] plaintext) =>
        Protector(keys).ProtectAsync(plaintext, Context, TestContext.Current.CancellationToken);

    private static ValueTask<byte[]> Unprotect(KeyRing keys, byte[] envelope, ReadOnlyMemory<byte> context) =>
        Protector(keys).UnprotectAsync(envelope, context, TestContext.Current.CancellationToken);

    private static Task<SecretProtectionException> AssertRefused(KeyRing keys, byte[] envelope, ReadOnlyMemory<byte> context) =>
        Assert.ThrowsAsync<SecretProtectionException>(async () => await Unprotect(keys, envelope, context));
}
