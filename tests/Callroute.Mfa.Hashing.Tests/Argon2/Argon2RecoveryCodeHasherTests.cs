using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2RecoveryCodeHasherTests
{
    private const int Seed = 9106;

    private static readonly Argon2Parameters Cheap = new(64, 1, 1);

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
    public void Constructor_NoParameters_TakesTheDefaults()
    {
        var hasher = new Argon2RecoveryCodeHasher();

        Assert.Same(Argon2Parameters.Default, hasher.Parameters);
    }

    [Fact]
    public void Constructor_Parameters_AreThoseOfNewSets()
    {
        var hasher = new Argon2RecoveryCodeHasher(Cheap);

        Assert.Same(Cheap, hasher.Parameters);
    }

    [Fact]
    public async Task HashAsync_Defaults_EqualsReferenceTool()
    {
        var phc = await HashAsync("0123456789ABCDEFGHJKMNPQ", "sixteen bytes :)", Argon2Parameters.Default);

        Assert.Equal(RunReferenceTool("0123456789ABCDEFGHJKMNPQ", "sixteen bytes :)", Argon2Parameters.Default), phc);
    }

    [Theory]
    [MemberData(nameof(RandomCosts))]
    public async Task HashAsync_RandomCosts_EqualsReferenceTool(string password, string salt, int memory, int iterations, int parallelism)
    {
        var parameters = new Argon2Parameters(memory, iterations, parallelism);

        var phc = await HashAsync(password, salt, parameters);

        Assert.Equal(RunReferenceTool(password, salt, parameters), phc);
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
        var parameters = new Argon2Parameters(memory, 1, parallelism);

        var phc = await HashAsync("password", "somesalt", parameters);

        Assert.Equal(RunReferenceTool("password", "somesalt", parameters), phc);
    }

    [Fact]
    public void Parse_OutputOfReferenceTool_RoundTrips()
    {
        var text = RunReferenceTool("password", "somesalt", Cheap);

        var phc = PhcString.Parse(text);

        Assert.Equal(Cheap, phc.Parameters);
        Assert.Equal("somesalt"u8, phc.Salt.Span);
        Assert.Equal(32, phc.Tag.Length);
        Assert.Equal(text, phc.ToString());
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
        var tag = PhcString.Parse(await HashAsync("password", "somesalt", Cheap)).Tag;

        var other = PhcString.Parse(await HashAsync(password, salt, new Argon2Parameters(memory, iterations, 1)));

        Assert.False(other.Matches(tag.Span));
    }

    [Fact]
    public async Task HashAsync_ManyAtOnce_AllGiveTheSameTag()
    {
        var gate = new RecoveryHashGate(4, 60, TimeSpan.FromMinutes(1));
        var hasher = new Argon2RecoveryCodeHasher(Cheap, gate);

        var hashes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => HashAsync("password", "somesalt", Cheap, hasher))));

        Assert.Single(hashes.Distinct());
    }

    private static async Task<string> HashAsync(string password, string salt, Argon2Parameters parameters, Argon2RecoveryCodeHasher? hasher = null)
    {
        hasher ??= new Argon2RecoveryCodeHasher();
        using var permit = await hasher.TryEnterAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(permit);
        var saltBytes = Encoding.ASCII.GetBytes(salt);
        var tag = await permit.HashAsync(Encoding.ASCII.GetBytes(password), saltBytes, parameters);
        return new PhcString(parameters, saltBytes, tag).ToString();
    }

    private static string RunReferenceTool(string password, string salt, Argon2Parameters parameters)
    {
        ExternalProgram.Require("argon2");
        string[] arguments =
        [
            salt, "-id", "-e", "-l", "32",
            "-t", $"{parameters.Iterations}", "-k", $"{parameters.Memory}", "-p", $"{parameters.Parallelism}",
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
