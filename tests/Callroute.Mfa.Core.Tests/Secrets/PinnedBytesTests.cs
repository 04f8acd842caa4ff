using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public sealed class PinnedBytesTests
{
    private static readonly byte[] Anchor = GC.AllocateArray<byte>(1, pinned: true);
    private static readonly KeyRing Keys = Scenario.NewKeys("k1");

    private static readonly Dictionary<string, Func<Task<byte[]>>> Makers = new()
    {
        ["secret, generated"] = () => Task.FromResult(BytesOf(SharedSecret.Generate())),
        ["secret, imported"] = () => Task.FromResult(BytesOf(SharedSecret.FromBytes(new byte[20]))),
        ["secret, decrypted"] = DecryptAsync,
        ["Base32, decoded"] = () => Task.FromResult(Base32.Decode("GEZDGNBVGY3TQOJQ")),
        ["key of a ring"] = () => Task.FromResult(Scenario.NewKeys("k2").Find("k2")!.Bytes),
        ["recovery code"] = () => Task.FromResult(RecoveryCode.Generate().ToCanonicalBytes()),
        ["recovery code, to be hashed"] = () => HashedAsync(peppers: null),
        ["recovery code, peppered"] = () => HashedAsync(Keys),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Create_GarbageCollectorMovesArrays_StaysWhereItIs(string maker)
    {
        _ = new byte[10_000];
        var bytes = await Makers[maker]();
        var before = Unsafe.ByteOffset(ref Anchor[0], ref bytes[0]);

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.Equal(before, Unsafe.ByteOffset(ref Anchor[0], ref bytes[0]));
    }

    private static byte[] BytesOf(SharedSecret secret) =>
        MemoryMarshal.TryGetArray(secret.Memory, out var bytes) ? bytes.Array! : throw new NotSupportedException();

    private static async Task<byte[]> DecryptAsync()
    {
        ISecretProtector protector = new AesGcmSecretProtector(Keys);
        var encrypted = await protector.ProtectAsync(new byte[20], new byte[1], Scenario.Token);
        return await protector.UnprotectAsync(encrypted, new byte[1], Scenario.Token);
    }

    private static async Task<byte[]> HashedAsync(KeyRing? peppers)
    {
        var hasher = new ProbeHasher();
        var issuer = new RecoveryCodeIssuer(hasher, Scenario.OwnGate(new RecoveryOptions { Peppers = peppers }));
        using var permit = await issuer.TryEnterAsync();
        await issuer.PrepareAsync(permit!, active: null, Scenario.Start);
        return hasher.Inputs[0];
    }
}
