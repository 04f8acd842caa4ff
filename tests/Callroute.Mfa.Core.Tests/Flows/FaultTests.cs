using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Tests.Flows;

/// <summary>Bar B-36: a fault at every call, one after the other, until the flow completes without one.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Faults => [.. Enum.GetNames<FaultyStore.Fault>()];

    private static async Task<int> ForEveryCallAsync(string kind, Func<Scenario, FaultyStore, Task> run)
    {
        for (var failAt = 1; ; failAt++)
        {
            var store = new FaultyStore(new InMemoryMfaStore()) { Kind = Enum.Parse<FaultyStore.Fault>(kind) };
            await run(new Scenario(store: store), store.FailingAt(failAt));
            if (!store.HasFailed)
            {
                return failAt;
            }
        }
    }

    private static async Task<T?> TryAsync<T>(Func<ValueTask<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            return null;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task VerifyAsync_TotpWithAFaultAtEveryCall_NeverAcceptsTwice(string kind)
    {
        var calls = await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var (phone, _) = await WithoutFaultAsync(store, () => scenario.EnrollAsync());
            var code = phone.GetCode();

            var first = await scenario.VerifyAsync(code);
            var second = await scenario.VerifyAsync(code);

            Assert.InRange(new[] { first, second }.Count(r => r.IsAccepted), 0, 1);
            Assert.True(first.IsAccepted || first.Reason == RefusalReason.Unavailable, first.ToString());
        });

        Assert.InRange(calls, 3, 20);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task VerifyAsync_RecoveryWithAFaultAtEveryCall_LeavesTheUserWithACode(string kind)
    {
        var calls = await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var (_, codes) = await WithoutFaultAsync(store, () => scenario.EnrollAsync());
            var attempt = scenario.Mfa.BeginAttempt();
            var code = codes!.Codes[0].Reveal();

            var first = await scenario.VerifyAsync(code, attempt);
            var repeated = await scenario.VerifyAsync(code, attempt);

            Assert.True(first.IsAccepted || first.Reason == RefusalReason.Unavailable, first.ToString());
            Assert.True(repeated.IsAccepted || first.IsAccepted, $"{first}, then {repeated}");
            var held = (repeated.IsAccepted ? repeated : first).ReplacementRecoveryCodes!.Codes[0].Reveal();
            Assert.Equal(RefusalReason.WrongCode, (await WithoutFaultAsync(store, () => scenario.VerifyAsync(code))).Reason);
            Assert.True((await WithoutFaultAsync(store, () => scenario.VerifyAsync(held))).IsAccepted);
        });

        Assert.InRange(calls, 4, 30);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ConfirmEnrollmentAsync_FaultAtEveryCall_IsWhollyDoneOrNotAtAll(string kind)
    {
        await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var offer = await WithoutFaultAsync(store, () => scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", null, Scenario.Token).AsTask());
            var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);

            var confirmed = await TryAsync(() => scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token));

            var status = await WithoutFaultAsync(store, scenario.StatusAsync);
            Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
            Assert.True(status.IsEnabled || confirmed?.IsConfirmed != true);
        });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RegenerateRecoveryCodesAsync_FaultAtEveryCall_KeepsTheOldSetWorking(string kind)
    {
        await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var (phone, codes) = await WithoutFaultAsync(store, () => scenario.EnrollAsync());
            var proof = await WithoutFaultAsync(store, () => scenario.ReceiptAsync(phone.GetCode()));

            await TryAsync(() => scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, Scenario.Token));

            var viaOld = await WithoutFaultAsync(store, () => scenario.VerifyAsync(codes!.Codes[0].Reveal()));
            Assert.True(viaOld.IsAccepted, viaOld.ToString());
        });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task BeginEnrollmentAsync_RecoveryCodeAsProofAndAFaultAtEveryCall_LeavesTheUserWithACode(string kind)
    {
        await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var (_, codes) = await WithoutFaultAsync(store, () => scenario.EnrollAsync());
            var binding = EnrollmentBinding.Add(MfaProof.FromCode(codes!.Codes[0].Reveal(), scenario.Mfa.BeginAttempt()));

            await TryAsync(() => scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", binding, Scenario.Token));
            var again = await WithoutFaultAsync(store, () => scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", binding, Scenario.Token).AsTask());

            Assert.True(again.IsOffered, again.Outcome.ToString());
            var held = again.Verification!.ReplacementRecoveryCodes!.Codes[0].Reveal();
            Assert.True((await WithoutFaultAsync(store, () => scenario.VerifyAsync(held))).IsAccepted);
        });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task DisableAsync_FaultAtEveryCall_IsWhollyDoneOrNotAtAll(string kind)
    {
        await ForEveryCallAsync(kind, async (scenario, store) =>
        {
            var (phone, _) = await WithoutFaultAsync(store, () => scenario.EnrollAsync());
            var proof = await WithoutFaultAsync(store, () => scenario.ReceiptAsync(phone.GetCode()));

            var disabled = await TryAsync(() => scenario.Mfa.DisableAsync(scenario.User, proof, Scenario.Token));

            var status = await WithoutFaultAsync(store, scenario.StatusAsync);
            Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
            Assert.False(disabled?.IsDone == true && status.IsEnabled);
        });
    }

    [Fact]
    public async Task VerifyAsync_MissingKey_IsUnavailableAndChargesNothing()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var stranger = new MfaService(scenario.Store, new AesGcmSecretProtector(Scenario.NewKeys("k2")), scenario.Hasher, scenario.Options, scenario.Clock);

        var result = await stranger.VerifyAsync(scenario.User, phone.GetCode(), stranger.BeginAttempt(), Scenario.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<SecretProtectionException>(result.Cause);
        Assert.Equal(0, (await scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_StoreAway_IsUnavailableAndElsewhereItsOwnException()
    {
        var store = new FaultyStore(new InMemoryMfaStore());
        var scenario = new Scenario(store: store);
        await scenario.EnrollAsync();
        store.FailingAt(1);

        var result = await scenario.VerifyAsync("123456");
        store.FailingAt(1);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(VerificationDisplay.TryLater, result.Display);
        await Assert.ThrowsAsync<IOException>(scenario.StatusAsync);
    }

    [Fact]
    public async Task VerifyAsync_CancelledBeforeTheWrite_ChangesNothing()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scenario.Mfa.VerifyAsync(scenario.User, phone.GetCode(), scenario.Mfa.BeginAttempt(), cancellation.Token));

        Assert.True((await scenario.VerifyAsync(phone.GetCode())).IsAccepted);
    }

    [Fact]
    public async Task VerifyAsync_EventHandlerThatThrows_ChangesNoAnswer()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var options = scenario.Options with { OnEvent = (_, _) => throw new InvalidOperationException("mail server away") };
        var service = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, options, scenario.Clock);

        var result = await service.VerifyAsync(scenario.User, phone.GetCode(), service.BeginAttempt(), Scenario.Token);

        Assert.True(result.IsAccepted);
    }

    private static async Task<T> WithoutFaultAsync<T>(FaultyStore store, Func<Task<T>> run)
    {
        var failAt = store.FailAt;
        store.FailAt = int.MaxValue;
        var result = await run();
        store.FailAt = failAt;
        store.Restart();
        return result;
    }
}
