using System.Buffers.Text;
using System.Security.Cryptography;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>Hashes, permits and places cost something only for a caller who has proved what the operation asks.</summary>
public sealed class CostTests
{
    private static readonly MfaSubject Other = new("user-2");

    private readonly TaskCompletionSource _barrier = new();
    private Task _held = Task.CompletedTask;
    private VirtualAuthenticator? _phone;

    [Theory]
    [InlineData("none", MfaChangeOutcome.ProofRequired)]
    [InlineData("wrong code", MfaChangeOutcome.ProofRefused)]
    [InlineData("receipt of another user", MfaChangeOutcome.ProofRefused)]
    [InlineData("old receipt", MfaChangeOutcome.ProofRefused)]
    public async Task RegenerateRecoveryCodesAsync_NoGoodProof_NeedsNoPermitAndNoHash(string kind, MfaChangeOutcome expected)
    {
        var scenario = await WithTakenGateAsync();
        var (runs, proof) = (scenario.Hasher.Runs, await BadProofAsync(kind, scenario));

        var result = await scenario.RegenerateAsync(proof);

        Assert.Equal((expected, runs), (result.Outcome, scenario.Hasher.Runs));
    }

    private async Task<MfaProof?> BadProofAsync(string kind, Scenario scenario)
    {
        switch (kind)
        {
            case "none":
                return null;
            case "wrong code":
                return scenario.ProofOf("000000");
            case "old receipt":
                var old = await scenario.ReceiptAsync(_phone!.GetCode());
                scenario.Clock.Advance(TimeSpan.FromMinutes(10));
                return old;
            default:
                var foreign = new Scenario { User = Other };
                return await foreign.ReceiptAsync((await foreign.EnrollAsync()).Phone.GetCode());
        }
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_SixthTime_IsThrottledUntilAnHourHasPassed()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        List<MfaChangeOutcome> outcomes = [];
        for (var i = 0; i < 6; i++)
        {
            outcomes.Add((await scenario.RegenerateAsync(scenario.CodeOf(phone))).Outcome);
            scenario.NextCode();
        }

        scenario.Clock.Advance(TimeSpan.FromHours(1));
        var later = await scenario.RegenerateAsync(scenario.CodeOf(phone));

        Assert.Equal([.. Enumerable.Repeat(MfaChangeOutcome.Succeeded, 5), MfaChangeOutcome.Throttled], outcomes);
        Assert.True(later.Succeeded);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_FullGate_IsBusyAndNotCounted()
    {
        var scenario = await WithTakenGateAsync();
        var proof = await scenario.ReceiptAsync(_phone!.GetCode());
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(MfaChangeOutcome.Busy, (await scenario.RegenerateAsync(proof)).Outcome);
        }

        _barrier.SetResult();
        await _held;

        Assert.True((await scenario.RegenerateAsync(proof)).Succeeded);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_FullGate_NeedsAPermitOnlyForTheRightCodeAndGivesTheTryBack()
    {
        var scenario = await WithTakenGateAsync();
        scenario.User = Other;
        var (offer, phone) = await scenario.BeginAndScanAsync();

        var wrong = await scenario.ConfirmAsync(offer, scenario.WrongCode(phone));
        var right = await scenario.ConfirmAsync(offer, phone.GetCode());
        _barrier.SetResult();
        await _held;
        var later = await scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.Equal((MfaChangeOutcome.WrongCode, 4), (wrong.Outcome, wrong.TriesLeft));
        Assert.Equal((MfaChangeOutcome.Busy, 4), (right.Outcome, right.TriesLeft));
        Assert.Equal((MfaChangeOutcome.Succeeded, 4), (later.Outcome, later.TriesLeft));
    }

    [Theory]
    [InlineData("nobody", MfaChangeOutcome.NotEnrolled)]
    [InlineData("enrolled", MfaChangeOutcome.AlreadyEnrolled)]
    [InlineData("has imported codes", MfaChangeOutcome.AlreadyImported)]
    [InlineData("has an imported phone", MfaChangeOutcome.Busy)]
    public async Task ImportRecoveryCodesAsync_FullGate_NeedsAPermitOnlyIfTheImportIsPossible(string user, MfaChangeOutcome expected)
    {
        const string Code = "BCDFG-HJKMN";
        var scenario = await WithTakenGateAsync();
        scenario.User = user == "enrolled" ? scenario.User : Other;
        var beside = scenario.Beside(options => Scenario.OwnGate(options.Recovery));
        await (user switch
        {
            "has imported codes" => beside.ImportPhoneAsync(Code),
            "has an imported phone" => beside.ImportPhoneAsync(),
            _ => Task.CompletedTask,
        });
        var runs = scenario.Hasher.Runs;

        var result = await scenario.ImportCodesAsync(Code);

        Assert.Equal((expected, runs), (result.Outcome, scenario.Hasher.Runs));
    }

    // A key service may charge for each call, and a thief of a session may make thousands.
    [Theory]
    [InlineData("none", MfaChangeOutcome.ProofRequired)]
    [InlineData("forged", MfaChangeOutcome.ProofRefused)]
    public async Task BeginEnrollmentAsync_NoGoodProof_CallsNoKeyService(string kind, MfaChangeOutcome expected)
    {
        var calls = 0;
        var protector = new HookedProtector(new AesGcmSecretProtector(Scenario.NewKeys("k1")))
        {
            OnProtect = () => calls++,
            OnUnprotect = () => calls++,
        };
        var scenario = new Scenario(protector: protector);
        await scenario.EnrollAsync();
        var before = calls;
        byte[] forged = [1, .. RandomNumberGenerator.GetBytes(26 + 32)];
        Assert.True(MfaReceipt.TryParse(Base64Url.EncodeToString(forged), out var receipt));

        var offer = await scenario.BeginAsync(kind == "none" ? null : MfaProof.FromReceipt(receipt));

        Assert.Equal((expected, before), (offer.Outcome, calls));
    }

    // The store is slow for one subject. With one place at the gate, others could not recover if it were kept meanwhile.
    [Fact]
    public async Task VerifyAsync_StoreIsSlow_HoldsNoPermitMeanwhile()
    {
        var store = new HookedStore();
        var scenario = new Scenario(options => Scenario.OwnGate(options.Recovery, concurrency: 1, queueLength: 0), store);
        var other = scenario.Beside();
        other.User = Other;
        var (codes, othersCodes) = ((await scenario.EnrollAsync()).Codes!.Reveal()[0], (await other.EnrollAsync()).Codes!.Reveal()[0]);
        var (writes, slow) = (0, new TaskCompletionSource());
        store.OnWrite = async write =>
        {
            await (++writes == 2 ? slow.Task : Task.CompletedTask);
            return await write();
        };

        var first = scenario.VerifyAsync(codes);
        var before = await other.VerifyAsync(othersCodes);
        slow.SetResult();

        Assert.True(before.Succeeded, before.ToString());
        Assert.True((await first).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_FullGate_IsBusyAndNotCounted()
    {
        var scenario = await WithTakenGateAsync();

        var busy = await scenario.VerifyAsync(Scenario.WrongRecoveryCode());

        Assert.Equal((RefusalReason.Busy, UserMessage.TryLater), (busy.Reason, busy.UserMessage));
        var throttle = (await scenario.RecordAsync()).RecoveryThrottle;
        Assert.Equal((0, 0), (throttle.FailuresOnAllDevices, throttle.UnknownDevices.Failures));
        Assert.False(throttle.UnknownDevices.AllowanceFullAt > scenario.Clock.GetUtcNow());
    }

    // The gate has room for all who recover honestly, but not for hundreds of requests more.
    [Fact]
    public async Task VerifyAsync_OneUserHammersWithEveryKindOfProof_TheOthersRecover()
    {
        const int Others = 100;
        var scenario = new Scenario(options => Scenario.OwnGate(options.Recovery, concurrency: 2, queueLength: Others));
        var (phone, _) = await scenario.EnrollAsync();
        var good = await scenario.ReceiptAsync(phone.GetCode());
        List<(MfaSubject User, string Code)> others = [];
        foreach (var i in Enumerable.Range(0, Others))
        {
            var other = scenario.Beside();
            other.User = new MfaSubject($"other-{i}");
            others.Add((other.User, (await other.EnrollAsync()).Codes!.Reveal()[0]));
        }

        MfaProof?[] proofs = [null, scenario.ProofOf("000000"), good];
        var hammering = Enumerable.Range(0, 600).Select(i => Task.Run(() => scenario.RegenerateAsync(proofs[i % 3]))).ToArray();
        var answers = await Task.WhenAll(others.Select(other => Task.Run(
            async () => await scenario.Mfa.VerifyAsync(
                other.User, other.Code, scenario.Mfa.BeginAttempt(), cancellationToken: Scenario.Token))));
        await Task.WhenAll(hammering);

        Assert.All(answers, answer => Assert.True(answer.Succeeded, answer.ToString()));
    }

    /// <summary>An enrolled user, and a gate with one place, which another user's recovery keeps.</summary>
    private async Task<Scenario> WithTakenGateAsync()
    {
        var scenario = new Scenario(options => Scenario.OwnGate(options.Recovery, concurrency: 1, queueLength: 0));
        (_phone, _) = await scenario.EnrollAsync();
        var holder = scenario.Beside(hasher: new ProbeHasher());
        holder.User = new MfaSubject("holder");
        var codes = (await holder.EnrollAsync()).Codes!;
        holder.Hasher.Barrier = _barrier.Task;
        _held = holder.VerifyAsync(codes.Reveal()[0]);
        return scenario;
    }
}
