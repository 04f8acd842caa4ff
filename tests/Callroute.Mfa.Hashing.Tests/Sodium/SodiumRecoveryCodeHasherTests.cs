using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;

namespace Callroute.Mfa.Hashing.Tests.Sodium;

public class SodiumRecoveryCodeHasherTests
{
    private const int Seed = 9106;
    private const string Salt = "sixteen bytes :)";

    private static readonly IRecoveryCodeHasher Hasher = new SodiumRecoveryCodeHasher();

    /// <summary>Random passwords, salts and costs of one lane; most memories are no multiple of four blocks.</summary>
    public static TheoryData<string, string, int, int> RandomCosts()
    {
        var random = new Random(Seed);
        var data = new TheoryData<string, string, int, int>();
        for (var count = 0; count < 40; count++)
        {
            data.Add(Printable(random, random.Next(1, 65)), Printable(random, 16), random.Next(8, 4097), random.Next(1, 5));
        }

        return data;
    }

    [Fact]
    public void CreateSettings_NoParameters_AreTheDefaults()
    {
        Assert.Matches(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}$", Hasher.CreateSettings());
    }

    [Fact]
    public void CreateSettings_Parameters_AreThoseOfTheConstructor()
    {
        IRecoveryCodeHasher hasher = new SodiumRecoveryCodeHasher(memoryKib: 64, iterations: 3);

        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=1$", hasher.CreateSettings(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(65_537, 1)]
    [InlineData(64, 0)]
    [InlineData(64, 11)]
    public void Constructor_OutOfRange_Throws(int memoryKib, int iterations)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SodiumRecoveryCodeHasher(memoryKib, iterations));
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyA6KQ", "p=2 and 16 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=4$c2l4dGVlbiBieXRlcyA6KQ", "p=4 and 16 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAA", "p=1 and 8 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAA", "p=1 and 15 bytes.")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAAA", "p=1 and 17 bytes.")]
    public async Task HashAsync_SettingsThatLibsodiumDoesNotSupport_ThrowsWithTheReason(string settings, string reason)
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => Hasher.HashAsync([1], settings));

        Assert.Equal($"libsodium supports p=1 and a salt of 16 bytes, the settings have {reason}", exception.Message);
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=65537,t=2,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=19456,t=11,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$scrypt$ln=17,r=8,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("")]
    public async Task HashAsync_SettingsAboveTheCapsOrOfAnotherHasher_Throws(string settings)
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => Hasher.HashAsync([1], settings));
    }

    [Fact]
    public async Task HashAsync_Defaults_EqualsReferenceTool()
    {
        var phc = await HashAsync(Hasher, "0123456789ABCDEFGHJKMNPQ", Salt, 19_456, 2);

        Assert.Equal(RunReferenceTool("0123456789ABCDEFGHJKMNPQ", Salt, 19_456, 2), phc);
    }

    [Theory]
    [MemberData(nameof(RandomCosts))]
    public async Task HashAsync_RandomCosts_EqualsReferenceToolAndManagedHasher(string password, string salt, int memory, int iterations)
    {
        var phc = await HashAsync(Hasher, password, salt, memory, iterations);

        Assert.Equal(RunReferenceTool(password, salt, memory, iterations), phc);
        Assert.Equal(await HashAsync(new Argon2RecoveryCodeHasher(), password, salt, memory, iterations), phc);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 1)]
    [InlineData(11, 10)]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 1)]
    public async Task HashAsync_CostsAtTheEdges_EqualsReferenceTool(int memory, int iterations)
    {
        var phc = await HashAsync(Hasher, "password", Salt, memory, iterations);

        Assert.Equal(RunReferenceTool("password", Salt, memory, iterations), phc);
    }

    [Theory]
    [InlineData("passwore", Salt, 64, 1)]
    [InlineData("password", "sixteen bytes :(", 64, 1)]
    [InlineData("password", Salt, 65, 1)]
    [InlineData("password", Salt, 64, 2)]
    public async Task HashAsync_AnyInputDiffers_GivesAnotherTag(string password, string salt, int memory, int iterations)
    {
        var first = await HashAsync(Hasher, "password", Salt, 64, 1);

        var other = await HashAsync(Hasher, password, salt, memory, iterations);

        Assert.NotEqual(TagOf(first), TagOf(other));
    }

    [Fact]
    public async Task HashAsync_ManyAtOnce_AllGiveTheSameTag()
    {
        var hashes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => HashAsync(Hasher, "password", Salt, 64, 1))));

        Assert.Single(hashes.Distinct());
    }

    // As the reference tool prints it: the settings and the tag.
    private static async Task<string> HashAsync(IRecoveryCodeHasher hasher, string password, string salt, int memory, int iterations)
    {
        var settings = $"$argon2id$v=19$m={memory},t={iterations},p=1${Base64(Encoding.ASCII.GetBytes(salt))}";
        return $"{settings}${Base64(await hasher.HashAsync(Encoding.ASCII.GetBytes(password), settings))}";
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static string TagOf(string phc) => phc[(phc.LastIndexOf('$') + 1)..];

    private static string RunReferenceTool(string password, string salt, int memory, int iterations)
    {
        ExternalProgram.Require("argon2");
        string[] arguments = [salt, "-id", "-e", "-l", "32", "-t", $"{iterations}", "-k", $"{memory}", "-p", "1"];
        return ExternalProgram.Run("argon2", arguments, password).TrimEnd('\n');
    }

    private static string Printable(Random random, int length) =>
        string.Create(length, random, (text, source) =>
        {
            foreach (ref var character in text)
            {
                character = (char)source.Next('!', '~' + 1);
            }
        });
}
