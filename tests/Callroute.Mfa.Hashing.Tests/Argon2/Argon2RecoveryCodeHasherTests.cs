using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2RecoveryCodeHasherTests
{
    private const int Seed = 9106;

    private static readonly Argon2Cost Cheap = new(64, 1, 1);
    private static readonly Argon2Cost Default = new(Argon2Cost.DefaultMemoryKib, Argon2Cost.DefaultIterations, Argon2Cost.DefaultParallelism);

    private static readonly IRecoveryCodeHasher Hasher = new Argon2RecoveryCodeHasher();

    /// <summary>Random passwords, salts and costs; most memories are no multiple of four blocks a lane.</summary>
    public static TheoryData<string, string, int, int, int> RandomCosts()
    {
        var random = new Random(Seed);
        var data = new TheoryData<string, string, int, int, int>();
        for (var count = 0; count < 40; count++)
        {
            var lanes = random.Next(1, 5);
            data.Add(Printable(random, random.Next(1, 65)), Printable(random, random.Next(8, 49)), random.Next(8 * lanes, 4097), random.Next(1, 5), lanes);
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
        IRecoveryCodeHasher hasher = new Argon2RecoveryCodeHasher(memoryKib: 64, iterations: 3, parallelism: 2);

        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=2$", hasher.CreateSettings(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 1, 1)]
    [InlineData(64, 11, 1)]
    [InlineData(64, 1, 5)]
    public void Constructor_AboveTheCaps_Throws(int memoryKib, int iterations, int parallelism)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Argon2RecoveryCodeHasher(memoryKib, iterations, parallelism));
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=65537,t=2,p=1$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=4294967295,t=2,p=1$AAECAwQFBgcICQoLDA0ODw")]
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
        var phc = await HashAsync("0123456789ABCDEFGHJKMNPQ", "sixteen bytes :)", Default);

        Assert.Equal(RunReferenceTool("0123456789ABCDEFGHJKMNPQ", "sixteen bytes :)", Default), phc);
    }

    [Theory]
    [MemberData(nameof(RandomCosts))]
    public async Task HashAsync_RandomCosts_EqualsReferenceTool(string password, string salt, int memory, int iterations, int parallelism)
    {
        var cost = new Argon2Cost(memory, iterations, parallelism);

        var phc = await HashAsync(password, salt, cost);

        Assert.Equal(RunReferenceTool(password, salt, cost), phc);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 1)]
    [InlineData(11, 1)]
    [InlineData(31, 3)]
    [InlineData(32, 4)]
    [InlineData(47, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 1)]
    public async Task HashAsync_MemoryAtTheEdges_EqualsReferenceTool(int memory, int parallelism)
    {
        var cost = new Argon2Cost(memory, 1, parallelism);

        var phc = await HashAsync("password", "somesalt", cost);

        Assert.Equal(RunReferenceTool("password", "somesalt", cost), phc);
    }

    [Fact]
    public async Task HashAsync_SameInput_GivesSameTag()
    {
        var first = await HashAsync("password", "somesalt", Cheap);
        var second = await HashAsync("password", "somesalt", Cheap);

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("passwore", "somesalt", 64, 1)]
    [InlineData("password", "somesalu", 64, 1)]
    [InlineData("password", "somesalt", 65, 1)]
    [InlineData("password", "somesalt", 64, 2)]
    public async Task HashAsync_AnyInputDiffers_GivesAnotherTag(string password, string salt, int memory, int iterations)
    {
        var first = await HashAsync("password", "somesalt", Cheap);

        var other = await HashAsync(password, salt, new Argon2Cost(memory, iterations, 1));

        Assert.NotEqual(TagOf(first), TagOf(other));
    }

    [Fact]
    public async Task HashAsync_ManyAtOnce_AllGiveTheSameTag()
    {
        var hashes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => HashAsync("password", "somesalt", Cheap))));

        Assert.Single(hashes.Distinct());
    }

    // As the reference tool prints it: the settings and the tag.
    private static async Task<string> HashAsync(string password, string salt, Argon2Cost cost)
    {
        var settings = new Argon2Settings(cost, Encoding.ASCII.GetBytes(salt)).ToString();
        var tag = await Hasher.HashAsync(Encoding.ASCII.GetBytes(password), settings);
        return $"{settings}${Convert.ToBase64String(tag).TrimEnd('=')}";
    }

    private static string TagOf(string phc) => phc[(phc.LastIndexOf('$') + 1)..];

    private static string RunReferenceTool(string password, string salt, Argon2Cost cost)
    {
        ExternalProgram.Require("argon2");
        string[] arguments =
        [
            salt, "-id", "-e", "-l", "32",
            "-t", $"{cost.Iterations}", "-k", $"{cost.MemoryKib}", "-p", $"{cost.Parallelism}",
        ];
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
