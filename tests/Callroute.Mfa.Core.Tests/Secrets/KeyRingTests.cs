using System.Reflection;
using System.Text.Json;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class KeyRingTests
{
    private static readonly string LongestId = new('k', KeyRing.MaximumIdLength);

    public static TheoryData<string> RefusedIds => ["", "a b", "a/b", "ключ", "k\0", "k\n", LongestId + "k"];

    public static TheoryData<string> AcceptedIds => ["k", "2026-11", "A.b_c-9", LongestId];

    [Theory]
    [MemberData(nameof(AcceptedIds))]
    public void Constructor_Id_IsTaken(string id)
    {
        using var ring = Ring(id, (id, 32));

        Assert.Equal(id, ring.ActiveKeyId);
        Assert.NotNull(ring.Find(id));
    }

    [Theory]
    [MemberData(nameof(RefusedIds))]
    public void Constructor_IdOfAnotherForm_IsRefused(string id) =>
        Assert.Throws<ArgumentException>("keys", () => Ring(id, (id, 32)));

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void Constructor_KeyOfAnotherSize_NamesTheSize(int size)
    {
        var exception = Assert.Throws<ArgumentException>("keys", () => Ring("k", ("k", size)));

        Assert.Contains($"32 bytes long, was {size}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("K")]
    [InlineData("other")]
    [InlineData("")]
    public void Constructor_ActiveKeyNotAmongThem_IsRefused(string active)
    {
        Assert.Throws<ArgumentException>("activeKeyId", () => Ring(active, ("k", 32)));
        Assert.Throws<ArgumentException>("activeKeyId", () => Ring(active));
    }

    [Fact]
    public void Constructor_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("keys", () => new KeyRing("k", null!));
        Assert.Throws<ArgumentNullException>(
            "activeKeyId", () => new KeyRing(null!, new Dictionary<string, byte[]> { ["k"] = new byte[32] }));
        Assert.Throws<ArgumentNullException>(() => new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = null! }));
    }

    [Fact]
    public void Constructor_CallersArray_IsCopied()
    {
        var key = new byte[32];
        using var ring = new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = key });

        key[0] = 1;

        Assert.Equal(new byte[32], ring.Find(ring.ActiveKeyId)!.Bytes);
    }

    [Fact]
    public void Dispose_Ring_ZeroesTheKeysAndForgetsThem()
    {
        var ring = new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = [.. Enumerable.Repeat((byte)7, 32)] });
        var key = ring.Find(ring.ActiveKeyId)!.Bytes;

        ring.Dispose();
        ring.Dispose();

        Assert.Equal(new byte[32], key);
        Assert.Throws<ObjectDisposedException>(() => ring.Find("k")!.CreateCipher());
        Assert.Throws<ObjectDisposedException>(() => ring.Find("k")!.Hmac([1]));
    }

    // A secret under a key of zeros would be stored, and anybody could read it.
    [Fact]
    public async Task Dispose_WhileSecretsAreProtected_LetsRunningUsesFinishUnderTheRealKey()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)7, 32)];
        using var reader = new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = bytes });
        var protectedBefore = 0;
        for (var round = 0; round < 300; round++)
        {
            var ring = new KeyRing("k", new Dictionary<string, byte[]> { ["k"] = bytes });
            using var start = new Barrier(5);
            var protecting = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ProtectUntilDisposedAsync(ring, start))).ToArray();
            start.SignalAndWait(TestContext.Current.CancellationToken);
            ring.Dispose();

            foreach (var envelope in (await Task.WhenAll(protecting)).SelectMany(envelopes => envelopes))
            {
                await ((ISecretProtector)new AesGcmSecretProtector(reader)).UnprotectAsync(envelope, new byte[1], Scenario.Token);
                protectedBefore++;
            }
        }

        Assert.NotEqual(0, protectedBefore);
    }

    private static async Task<List<byte[]>> ProtectUntilDisposedAsync(KeyRing ring, Barrier start)
    {
        ISecretProtector protector = new AesGcmSecretProtector(ring);
        List<byte[]> envelopes = [];
        start.SignalAndWait(TestContext.Current.CancellationToken);
        try
        {
            while (true)
            {
                envelopes.Add(await protector.ProtectAsync(new byte[20], new byte[1], Scenario.Token));
            }
        }
        catch (ObjectDisposedException)
        {
            return envelopes;
        }
    }

    [Fact]
    public void ToStringAndJson_Ring_HoldNoKey()
    {
        using var ring = Ring("k1", ("k1", 32), ("k2", 32));

        Assert.Equal("KeyRing (2 keys)", ring.ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(ring));
        Assert.Equal("{ToString(),nq}", typeof(KeyRing).GetCustomAttribute<System.Diagnostics.DebuggerDisplayAttribute>()!.Value);
    }

    private static KeyRing Ring(string active, params (string Id, int Size)[] keys) =>
        new(active, keys.ToDictionary(key => key.Id, key => new byte[key.Size]));
}
