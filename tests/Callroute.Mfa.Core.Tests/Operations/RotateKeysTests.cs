using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class RotateKeysTests
{
    private readonly TwoKeys _keys = new();
    private readonly Scenario _scenario;

    public RotateKeysTests() => _scenario = new Scenario(protector: _keys.OnlyOld);

    [Fact]
    public async Task RotateKeysAsync_FinishedScan_MakesTheOldKeyNeedless()
    {
        List<Testing.VirtualAuthenticator> phones = [];
        for (var i = 0; i < 20; i++)
        {
            _scenario.User = new MfaSubject($"user-{i}");
            phones.Add((await _scenario.EnrollAsync()).Phone);
        }

        var results = await _scenario.Beside(protector: _keys.Both).RotateKeysAsync();
        var onlyNew = _scenario.Beside(protector: _keys.OnlyNew);

        Assert.Equal(20, results.Count(r => r.WasChanged));
        Assert.All(results, r => Assert.Null(r.Failure));
        Assert.True((await onlyNew.VerifyAsync(phones[^1].GetCode())).Succeeded);
        Assert.All(await onlyNew.RotateKeysAsync(), r => Assert.False(r.WasChanged));
    }

    [Fact]
    public async Task RotateKeysAsync_EnrollmentBegun_IsEncryptedAnewToo()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();

        var results = await _scenario.Beside(protector: _keys.Both).RotateKeysAsync();
        var confirmed = await _scenario.Beside(protector: _keys.OnlyNew).ConfirmAsync(offer, phone.GetCode());

        Assert.True(Assert.Single(results).WasChanged);
        Assert.True(confirmed.Succeeded);
    }

    [Theory]
    [InlineData(true, typeof(InvalidDataException))]
    [InlineData(false, typeof(SecretProtectionException))]
    public async Task RotateKeysAsync_OneRecordUnreadableOrWithoutItsKey_IsNamedAndTheOthersAreFinished(bool isUnreadable, Type failure)
    {
        await _scenario.EnrollAsync();
        var broken = _scenario.Beside(protector: isUnreadable ? _keys.OnlyOld : new AesGcmSecretProtector(Scenario.NewKeys("lost")));
        broken.User = new MfaSubject("broken");
        await broken.EnrollAsync();
        await broken.EditAsync(document => isUnreadable ? document[..^10] : document);

        var results = await _scenario.Beside(protector: _keys.Both).RotateKeysAsync();

        Assert.IsType(failure, results.Single(r => r.Subject == broken.User).Failure);
        Assert.True(results.Single(r => r.Subject == _scenario.User).WasChanged);
    }

    [Fact]
    public async Task RotateKeysAsync_KeyOfTheTokens_IsEncryptedAnewAndKeepsReceiptsAndDevices()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var receipt = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.Beside(protector: _keys.Both).RotateKeysAsync();
        var after = _scenario.Beside(protector: _keys.OnlyNew);
        after.KnownDevice = _scenario.FirstDevice;

        Assert.True((await after.RegenerateAsync(receipt)).Succeeded);
        await after.FailAsync(1, phone);
        Assert.Equal(1, (await after.StatusAsync()).TotpOnKnownDevices.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RotateKeysAsync_StoreOrKeyServiceCancelsForOneSubject_FinishesTheOthers(bool isKeyService)
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store, protector: _keys.OnlyOld);
        foreach (var id in new[] { "a", "b", "c" })
        {
            scenario.User = new MfaSubject(id);
            await scenario.EnrollAsync();
        }

        var calls = 0;
        Func<bool> isSecond = () => ++calls == 2;
        store.OnFind = (_, stored) => !isKeyService && isSecond() ? throw new TaskCanceledException() : stored;
        var protector = new HookedProtector(_keys.Both)
        {
            OnProtect = () => _ = isKeyService && isSecond() ? throw new TaskCanceledException() : false,
        };

        var results = await scenario.Beside(protector: protector).RotateKeysAsync();

        Assert.Equal([false, true, true], results.Select(r => r.WasChanged).Order());
        Assert.NotNull(results.Single(r => !r.WasChanged).Failure);
    }

    [Fact]
    public void RotateKeysAsync_StoreThatCannotList_IsNotSupported()
    {
        var scenario = new Scenario(store: new UnlistedStore());

        Assert.Throws<NotSupportedException>(() => scenario.Mfa.RotateKeysAsync(Scenario.Token));
    }

    private sealed class UnlistedStore : IMfaStore
    {
        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
            throw new NotImplementedException();

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken) =>
            throw new NotImplementedException();

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            throw new NotImplementedException();
    }
}
