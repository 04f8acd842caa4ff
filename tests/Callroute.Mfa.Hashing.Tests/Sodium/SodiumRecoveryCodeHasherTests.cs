using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;

namespace Callroute.Mfa.Hashing.Tests.Sodium;

public class SodiumRecoveryCodeHasherTests
{
    private const int Seed = 9106;
    private const string Salt = "sixteen bytes :)";

    private static readonly Argon2Parameters Cheap = new(64, 1, 1);

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
    public void Constructor_NoParameters_TakesTheDefaults()
    {
        var hasher = new SodiumRecoveryCodeHasher();

        Assert.Same(Argon2Parameters.Default, hasher.Parameters);
    }

    [Fact]
    public void Constructor_Parameters_AreThoseOfNewSets()
    {
        var hasher = new SodiumRecoveryCodeHasher(Cheap);

        Assert.Same(Cheap, hasher.Parameters);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Constructor_SeveralLanes_Throws(int parallelism)
    {
        var exception = Assert.Throws<ArgumentException>("parameters", () => new SodiumRecoveryCodeHasher(new Argon2Parameters(64, 1, parallelism)));

        Assert.StartsWith($"Parallelism must be 1 for libsodium, was {parallelism}.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_SeveralLanes_Throws()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>("parameters", () => HashAsync(new SodiumRecoveryCodeHasher(Cheap), "password", Salt, new Argon2Parameters(64, 1, 2)));

        Assert.StartsWith("Parallelism must be 1 for libsodium, was 2.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(48)]
    public async Task HashAsync_SaltOfAnotherSize_Throws(int size)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>("salt", () => HashAsync(new SodiumRecoveryCodeHasher(Cheap), "password", new string('s', size), Cheap));

        Assert.StartsWith($"Must be 16 bytes long for libsodium, was {size}.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_Refused_GivesThePermitBack()
    {
        var hasher = new SodiumRecoveryCodeHasher(Cheap, new RecoveryHashGate(1, 0, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>(() => HashAsync(hasher, "password", "somesalt", Cheap));

        var phc = await HashAsync(hasher, "password", Salt, Cheap);

        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", phc, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashAsync_Defaults_EqualsReferenceTool()
    {
        var phc = await HashAsync(new SodiumRecoveryCodeHasher(), "0123456789ABCDEFGHJKMNPQ", Salt, Argon2Parameters.Default);

        Assert.Equal(RunReferenceTool("0123456789ABCDEFGHJKMNPQ", Salt, Argon2Parameters.Default), phc);
    }

    [Theory]
    [MemberData(nameof(RandomCosts))]
    public async Task HashAsync_RandomCosts_EqualsReferenceToolAndManagedHasher(string password, string salt, int memory, int iterations)
    {
        var parameters = new Argon2Parameters(memory, iterations, 1);

        var phc = await HashAsync(new SodiumRecoveryCodeHasher(), password, salt, parameters);

        Assert.Equal(RunReferenceTool(password, salt, parameters), phc);
        Assert.Equal(await HashAsync(new Argon2RecoveryCodeHasher(), password, salt, parameters), phc);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 1)]
    [InlineData(11, 10)]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 1)]
    public async Task HashAsync_CostsAtTheEdges_EqualsReferenceTool(int memory, int iterations)
    {
        var parameters = new Argon2Parameters(memory, iterations, 1);

        var phc = await HashAsync(new SodiumRecoveryCodeHasher(), "password", Salt, parameters);

        Assert.Equal(RunReferenceTool("password", Salt, parameters), phc);
    }

    [Theory]
    [InlineData("passwore", Salt, 64, 1)]
    [InlineData("password", "sixteen bytes :(", 64, 1)]
    [InlineData("password", Salt, 65, 1)]
    [InlineData("password", Salt, 64, 2)]
    public async Task HashAsync_AnyInputDiffers_GivesAnotherTag(string password, string salt, int memory, int iterations)
    {
        var hasher = new SodiumRecoveryCodeHasher();
        var tag = PhcString.Parse(await HashAsync(hasher, "password", Salt, Cheap)).Tag;

        var other = PhcString.Parse(await HashAsync(hasher, password, salt, new Argon2Parameters(memory, iterations, 1)));

        Assert.False(other.Matches(tag.Span));
    }

    [Fact]
    public async Task HashAsync_ManyAtOnce_AllGiveTheSameTag()
    {
        var hasher = new SodiumRecoveryCodeHasher(Cheap, new RecoveryHashGate(4, 60, TimeSpan.FromMinutes(1)));

        var hashes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => HashAsync(hasher, "password", Salt, Cheap))));

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task TryEnterAsync_GateFull_GivesNoPermit()
    {
        var hasher = new SodiumRecoveryCodeHasher(Cheap, new RecoveryHashGate(1, 0, TimeSpan.Zero));
        using var held = await hasher.TryEnterAsync(TestContext.Current.CancellationToken);

        var permit = await hasher.TryEnterAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(held);
        Assert.Null(permit);
    }

    private static async Task<string> HashAsync(IRecoveryCodeHasher hasher, string password, string salt, Argon2Parameters parameters)
    {
        using var permit = await hasher.TryEnterAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(permit);
        var saltBytes = Encoding.ASCII.GetBytes(salt);
        var tag = await permit.HashAsync(Encoding.ASCII.GetBytes(password), saltBytes, parameters);
        return new PhcString(parameters, saltBytes, tag).ToString();
    }

    private static string RunReferenceTool(string password, string salt, Argon2Parameters parameters)
    {
        ExternalProgram.Require("argon2");
        string[] arguments = [salt, "-id", "-e", "-l", "32", "-t", $"{parameters.Iterations}", "-k", $"{parameters.Memory}", "-p", "1"];
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
