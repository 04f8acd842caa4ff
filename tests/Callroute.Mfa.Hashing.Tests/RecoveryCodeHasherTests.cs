using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;

namespace Callroute.Mfa.Hashing.Tests;

/// <summary>Compares both hashers with the reference tool.</summary>
public class RecoveryCodeHasherTests
{
    private const string Managed = "managed";
    private const string Native = "native";
    private const string Salt = "sixteen bytes :)";
    private const int Seed = 9106;

    public static TheoryData<string> Hashers => [Managed, Native];

    /// <summary>
    /// Random passwords, salts and costs, as far as the hasher supports them. Most memory sizes are not a multiple of four blocks per lane.
    /// </summary>
    public static TheoryData<string, string, string, int, int, int> RandomCosts()
    {
        var random = new Random(Seed);
        var data = new TheoryData<string, string, string, int, int, int>();
        for (var count = 0; count < 80; count++)
        {
            var (hasher, lanes, saltSize) = count % 2 == 0 ? (Managed, random.Next(1, 5), random.Next(8, 49)) : (Native, 1, 16);
            var (password, salt) = (Printable(random, random.Next(1, 65)), Printable(random, saltSize));
            data.Add(hasher, password, salt, random.Next(8 * lanes, 4097), random.Next(1, 5), lanes);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Hashers))]
    public void CreateSettings_NoParameters_AreTheDefaults(string hasher) =>
        Assert.Matches(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}$", Named(hasher).CreateSettings());

    [Fact]
    public void CreateSettings_Parameters_AreThoseOfTheConstructor()
    {
        IRecoveryCodeHasher managed = new Argon2RecoveryCodeHasher(memoryKib: 64, iterations: 3, parallelism: 2);
        IRecoveryCodeHasher native = new SodiumRecoveryCodeHasher(memoryKib: 64, iterations: 3);

        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=2$", managed.CreateSettings(), StringComparison.Ordinal);
        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=1$", native.CreateSettings(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(65_537, 1)]
    [InlineData(64, 0)]
    [InlineData(64, 11)]
    public void Constructor_OutOfRange_Throws(int memoryKib, int iterations)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Argon2RecoveryCodeHasher(memoryKib, iterations));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SodiumRecoveryCodeHasher(memoryKib, iterations));
        Assert.Throws<ArgumentOutOfRangeException>("parallelism", () => new Argon2RecoveryCodeHasher(64, 1, 5));
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=65537,t=2,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=4294967295,t=2,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=19456,t=11,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$scrypt$ln=17,r=8,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("")]
    public async Task HashAsync_SettingsAboveTheCapsOrOfAnotherHasher_Throws(string settings)
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => Named(Managed).HashAsync([1], settings));
        await Assert.ThrowsAsync<NotSupportedException>(() => Named(Native).HashAsync([1], settings));
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyA6KQ", "p=2 and 16 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=4$c2l4dGVlbiBieXRlcyA6KQ", "p=4 and 16 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAA", "p=1 and 8 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAA", "p=1 and 15 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAAA", "p=1 and 17 bytes.")]
    public async Task HashAsync_SettingsThatLibsodiumDoesNotSupport_ThrowsWithTheReason(string settings, string reason)
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => Named(Native).HashAsync([1], settings));

        Assert.Equal($"libsodium supports p=1 and a salt of 16 bytes, the settings have {reason}", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Hashers))]
    public Task HashAsync_Defaults_EqualsReferenceTool(string hasher) =>
        AssertEqualsReferenceTool(hasher, "0123456789ABCDEFGHJKMNPQ", Salt, 19_456, 2, 1);

    [Theory]
    [MemberData(nameof(RandomCosts))]
    public Task HashAsync_RandomCosts_EqualsReferenceTool(
        string hasher, string password, string salt, int memory, int iterations, int lanes) =>
        AssertEqualsReferenceTool(hasher, password, salt, memory, iterations, lanes);

    [Theory]
    [InlineData(Managed, 8, 1, 1)]
    [InlineData(Managed, 9, 1, 1)]
    [InlineData(Managed, 11, 1, 1)]
    [InlineData(Managed, 31, 1, 3)]
    [InlineData(Managed, 32, 1, 4)]
    [InlineData(Managed, 47, 1, 4)]
    [InlineData(Managed, 65_535, 1, 4)]
    [InlineData(Managed, 65_536, 1, 1)]
    [InlineData(Native, 8, 1, 1)]
    [InlineData(Native, 9, 1, 1)]
    [InlineData(Native, 11, 10, 1)]
    [InlineData(Native, 65_535, 1, 1)]
    [InlineData(Native, 65_536, 1, 1)]
    public Task HashAsync_CostsAtTheEdges_EqualsReferenceTool(string hasher, int memory, int iterations, int lanes) =>
        AssertEqualsReferenceTool(hasher, "password", Salt, memory, iterations, lanes);

    [Theory]
    [MemberData(nameof(Hashers))]
    public async Task HashAsync_ManyAtOnce_AllGiveTheSameTag(string hasher)
    {
        var settings = Settings(Salt, 64, 1, 1);

        var tags = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Named(hasher).HashAsync([1], settings))));

        Assert.Single(tags.Select(Convert.ToHexString).Distinct());
    }

    private static IRecoveryCodeHasher Named(string hasher) =>
        hasher == Managed ? new Argon2RecoveryCodeHasher() : new SodiumRecoveryCodeHasher();

    private static string Settings(string salt, int memory, int iterations, int lanes) =>
        new Argon2Settings(new Argon2Cost(memory, iterations, lanes), Encoding.ASCII.GetBytes(salt)).ToString();

    // The tool prints the settings and the tag.
    private static async Task AssertEqualsReferenceTool(
        string hasher, string password, string salt, int memory, int iterations, int lanes)
    {
        ExternalProgram.Require("argon2");
        var settings = Settings(salt, memory, iterations, lanes);
        string[] arguments = [salt, "-id", "-e", "-l", "32", "-t", $"{iterations}", "-k", $"{memory}", "-p", $"{lanes}"];

        var tag = await Named(hasher).HashAsync(Encoding.ASCII.GetBytes(password), settings);

        Assert.Equal(
            ExternalProgram.Run("argon2", arguments, password).TrimEnd('\n'),
            $"{settings}${Convert.ToBase64String(tag).TrimEnd('=')}");
    }

    private static string Printable(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~' + 1)));
}
