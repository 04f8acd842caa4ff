using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class KeyRotationTests
{
    private readonly Dictionary<string, byte[]> _keys = new() { ["old"] = [.. Enumerable.Repeat((byte)1, 32)], ["new"] = [.. Enumerable.Repeat((byte)2, 32)] };

    private MfaService ServiceOn(Scenario scenario, string active, params string[] kept)
    {
        var keys = _keys.Where(k => k.Key == active || kept.Contains(k.Key)).ToDictionary();
        return new MfaService(scenario.Store, new AesGcmSecretProtector(new KeyRing(active, keys)), scenario.Hasher, scenario.Options, scenario.Clock);
    }

    private Scenario OldScenario() => new(protector: new AesGcmSecretProtector(new KeyRing("old", _keys.Where(k => k.Key == "old").ToDictionary())));

    [Fact]
    public async Task RotateKeysAsync_FinishedScan_MakesTheOldKeyNeedless()
    {
        var scenario = OldScenario();
        List<Testing.VirtualAuthenticator> phones = [];
        for (var i = 0; i < 20; i++)
        {
            scenario.User = new MfaSubject($"user-{i}");
            phones.Add((await scenario.EnrollAsync()).Phone);
        }

        var results = await ServiceOn(scenario, "new", "old").RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token);
        var withoutOld = ServiceOn(scenario, "new");
        var accepted = await withoutOld.VerifyAsync(scenario.User, phones[^1].GetCode(), withoutOld.BeginAttempt(), Scenario.Token);

        Assert.Equal(20, results.Count(r => r.WasChanged));
        Assert.All(results, r => Assert.Null(r.Failure));
        Assert.True(accepted.Succeeded);
        Assert.All(await ServiceOn(scenario, "new").RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token), r => Assert.False(r.WasChanged));
    }

    [Fact]
    public async Task VerifyAsync_SecretUnderAnOlderKey_IsReprotectedOnTheWay()
    {
        var scenario = OldScenario();
        var (phone, _) = await scenario.EnrollAsync();
        var both = ServiceOn(scenario, "new", "old");
        await both.VerifyAsync(scenario.User, phone.GetCode(), both.BeginAttempt(), Scenario.Token);
        scenario.NextCode();
        var withoutOld = ServiceOn(scenario, "new");

        var result = await withoutOld.VerifyAsync(scenario.User, phone.GetCode(), withoutOld.BeginAttempt(), Scenario.Token);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task RotateKeysAsync_OneRecordWithoutItsKey_IsToldAndTheOthersAreFinished()
    {
        var scenario = OldScenario();
        await scenario.EnrollAsync();
        var lost = new Scenario(store: scenario.Store) { User = new MfaSubject("lost") };
        await lost.EnrollAsync();

        var results = await ServiceOn(scenario, "new", "old").RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token);

        Assert.IsType<SecretProtectionException>(results.Single(r => r.Subject.UserId == "lost").Failure);
        Assert.True(results.Single(r => r.Subject.UserId == "user-1").WasChanged);
    }

    [Fact]
    public void RotateKeysAsync_StoreThatCannotList_IsNotSupported()
    {
        var scenario = new Scenario(store: new UnlistedStore());

        Assert.Throws<NotSupportedException>(() => scenario.Mfa.RotateKeysAsync(Scenario.Token));
    }

    [Fact]
    public async Task UnprotectAsync_SecretsSwappedBetweenUsers_AreUnavailable()
    {
        var scenario = OldScenario();
        await scenario.EnrollAsync();
        var mallory = new Scenario(store: scenario.Store, protector: scenario.Protector) { User = new MfaSubject("mallory") };
        var (phone, _) = await mallory.EnrollAsync();
        var victim = await DocumentAsync(scenario);
        var attacker = await DocumentAsync(mallory);
        var swapped = victim.Replace(SecretOf(victim), SecretOf(attacker), StringComparison.Ordinal);
        var stored = await scenario.Store.FindAsync(scenario.User, Scenario.Token);
        await scenario.Store.TryWriteAsync(scenario.User, System.Text.Encoding.UTF8.GetBytes(swapped), Guid.NewGuid(), stored!.Version, Scenario.Token);

        var result = await scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
    }

    private static async Task<string> DocumentAsync(Scenario scenario) =>
        System.Text.Encoding.UTF8.GetString((await scenario.Store.FindAsync(scenario.User, Scenario.Token))!.Document.Span);

    private static string SecretOf(string document)
    {
        using var json = System.Text.Json.JsonDocument.Parse(document);
        return json.RootElement.GetProperty("authenticators")[0].GetProperty("protectedSecret").GetString()!;
    }

    private sealed class UnlistedStore : IMfaStore
    {
        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((StoredRecord?)null);

        public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) => new(false);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) => new(false);
    }
}
