using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryCodeIssuerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);


    [Fact]
    public async Task PrepareAsync_Set_HasNewSettingsAndATagForEachCode()
    {
        var issuer = IssuerWith(new ProbeHasher(), count: 3);
        using var permit = await issuer.TryEnterAsync();

        var prepared = await issuer.PrepareAsync(permit!, active: null, Now);
        var another = await issuer.PrepareAsync(permit!, active: null, Now);

        Assert.StartsWith("probe$", prepared.Set.Settings, StringComparison.Ordinal);
        Assert.NotEqual(prepared.Set.Settings, another.Set.Settings);
        Assert.Equal(3, prepared.Codes.Count);
        Assert.Equal(3, prepared.Set.Tags.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task PrepareAsync_LengthOfTheSettings_MustBe1To256(int length, bool accepted)
    {
        var issuer = IssuerWith(new FixedSettings(new string('s', length)));
        using var permit = await issuer.TryEnterAsync();

        var exception = await Record.ExceptionAsync(async () => await issuer.PrepareAsync(permit!, active: null, Now));

        Assert.Equal(accepted ? null : typeof(InvalidOperationException), exception?.GetType());
    }

    private static RecoveryCodeIssuer IssuerWith(IRecoveryCodeHasher hasher, int count = 1) =>
        new(hasher, Scenario.OwnGate(new RecoveryOptions { Count = count }, concurrency: 1, queueLength: 0));

    private sealed class FixedSettings(string settings) : IRecoveryCodeHasher
    {
        public string CreateSettings() => settings;

        public bool IsCurrent(string settings) => true;

        public Task<byte[]> HashAsync(byte[] input, string settings) => Task.FromResult(new byte[32]);
    }
}
