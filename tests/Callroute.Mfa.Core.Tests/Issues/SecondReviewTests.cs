using System.Text;
using System.Text.Json.Nodes;
using Callroute.Mfa.Core.Tests.Flows;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Issues;

/// <summary>What a second hostile review found in the fixes of the first.</summary>
public sealed class SecondReviewTests
{
    private static MfaOptions Options() => new() { Issuer = "Callroute" };

    private static string Guess() => RecoveryCode.Generate().Reveal();

    private static MfaService ServiceOf(Scenario scenario, IRecoveryCodeHasher hasher, ISecretProtector? protector = null) =>
        new(scenario.Store, protector ?? scenario.Protector, hasher, scenario.Options, scenario.Clock);

    // The failures of before a new set are forgiven with it (WithNewSet). A guess that was in flight is then given back once
    // more, out of what others were charged since: it lifts a wait that it did not lead to.
    [Fact]
    public async Task TakeBack_GuessInFlightWhileTheSetIsReplaced_DoesNotLiftTheWaitThatLaterGuessesLedTo()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var gate = new TaskCompletionSource();
        var slow = ServiceOf(scenario, new HookedHasher(_ => gate.Task));
        var inFlight = slow.VerifyAsync(scenario.User, Guess(), slow.BeginAttempt(), Scenario.Token).AsTask();
        Assert.Equal(1, (await scenario.RecordAsync()).RecoveryThrottle.Failures);

        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(Guess())).Reason);
        }

        Assert.Equal(RefusalReason.Throttled, (await scenario.VerifyAsync(Guess())).Reason);
        gate.SetResult();
        await inFlight;

        Assert.Equal(RefusalReason.Throttled, (await scenario.VerifyAsync(Guess())).Reason);
    }

    [Fact]
    public async Task TakeBack_GuessInFlightWhileTheSetIsReplaced_DoesNotLiftASuspension()
    {
        var scenario = new Scenario(Options().With(options => options.RecoveryThrottle.LockoutThreshold = 3));
        var (_, codes) = await scenario.EnrollAsync();
        var gate = new TaskCompletionSource();
        var slow = ServiceOf(scenario, new HookedHasher(_ => gate.Task));
        var inFlight = slow.VerifyAsync(scenario.User, Guess(), slow.BeginAttempt(), Scenario.Token).AsTask();

        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        await scenario.FailAsync(3, Guess);
        Assert.NotNull((await scenario.RecordAsync()).RecoveryThrottle.LockedOutAt);
        gate.SetResult();
        await inFlight;

        Assert.NotNull((await scenario.RecordAsync()).RecoveryThrottle.LockedOutAt);
    }

    // An administrator's reset clears the throttle: nothing of before is left that could be given back, budget included.
    [Fact]
    public async Task TakeBack_AfterResetAndNewEnrollment_DoesNotRefundTheBudgetOfLaterGuesses()
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();
        var gate = new TaskCompletionSource();
        var slow = ServiceOf(scenario, new HookedHasher(_ => gate.Task));
        var inFlight = slow.VerifyAsync(scenario.User, Guess(), slow.BeginAttempt(), Scenario.Token).AsTask();

        await scenario.Mfa.ResetAsync(scenario.User, "lost phone", Scenario.Token);
        await scenario.EnrollAsync();
        await scenario.VerifyAsync(Guess());
        var before = (await scenario.RecordAsync()).RecoveryThrottle;
        gate.SetResult();
        await inFlight;

        var after = (await scenario.RecordAsync()).RecoveryThrottle;
        Assert.Equal((before.Failures, before.AllowanceFullAt), (after.Failures, after.AllowanceFullAt));
    }

    // "A hash that fails is the server's failure, so its owner gets the charge back": the wait stays.
    [Fact]
    public async Task HashFails_BeyondTheFreeFailures_GivesTheWaitBackToo()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        await scenario.FailAsync(5, Guess);
        var broken = ServiceOf(scenario, new HookedHasher(_ => throw new InsufficientMemoryException("hash")));

        Assert.Equal(RefusalReason.Unavailable, (await broken.VerifyAsync(scenario.User, codes!.Reveal()[0], broken.BeginAttempt(), Scenario.Token)).Reason);
        var result = await scenario.VerifyAsync(codes.Reveal()[0]);

        Assert.True(result.Succeeded, $"{result}, wait {result.RetryAfter}");
    }

    // The hash of the replacement fails: the server's failure as well, after the code was found right.
    [Fact]
    public async Task HashOfTheReplacementFails_GivesTheChargeBack()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var broken = ServiceOf(scenario, new HookedHasher(run => run == 2 ? throw new InsufficientMemoryException("hash") : Task.CompletedTask));

        var result = await broken.VerifyAsync(scenario.User, codes!.Reveal()[0], broken.BeginAttempt(), Scenario.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(0, (await scenario.RecordAsync()).RecoveryThrottle.Failures);
    }

    [Fact]
    public async Task ReceiptCannotBeMinted_RightRecoveryCode_GivesTheChargeBack()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var broken = ServiceOf(scenario, scenario.Hasher, new HookedProtector(scenario.Protector) { OnProtect = () => throw new IOException("KMS") });

        for (var i = 0; i < 5; i++)
        {
            await broken.VerifyAsync(scenario.User, codes!.Reveal()[0], broken.BeginAttempt(), Scenario.Token);
        }

        var result = await scenario.VerifyAsync(codes!.Reveal()[0]);
        Assert.True(result.Succeeded, $"An outage of the KMS locked the owner's right code out: {result}");
    }

    // "OperationCanceledException: the token was cancelled before anything was written." The charge was.
    [Fact]
    public async Task KmsTimesOutAfterTheCharge_CallerGoneMeanwhile_IsARefusalAndNoCancellation()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        using var caller = new CancellationTokenSource();
        var broken = ServiceOf(scenario, scenario.Hasher, new HookedProtector(scenario.Protector)
        {
            OnProtect = () =>
            {
                caller.Cancel();
                throw new TaskCanceledException("HttpClient.Timeout");
            },
        });

        var exception = await Record.ExceptionAsync(async () => await broken.VerifyAsync(scenario.User, codes!.Reveal()[0], broken.BeginAttempt(), caller.Token));

        Assert.Null(exception);
    }

    [Fact]
    public async Task HashFails_AndTheTakeBackToo_CauseIsTheHash()
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var (_, codes) = await scenario.EnrollAsync();
        var broken = ServiceOf(scenario, new HookedHasher(_ =>
        {
            store.BeforeFind = () => throw new IOException("store");
            throw new InvalidOperationException("hash");
        }));

        var result = await broken.VerifyAsync(scenario.User, codes!.Reveal()[0], broken.BeginAttempt(), Scenario.Token);

        Assert.Contains("hash", result.Cause!.ToString(), StringComparison.Ordinal);
    }

    // Before the fixes every refusal raised the events of its charge. A settlement that loses every swap raises none, though
    // the charge, its failure and the start of throttling stay in the record.
    [Fact]
    public async Task SettlementLosesEverySwap_EventsOfTheChargeThatStays_AreRaised()
    {
        var store = new HookedStore();
        var scenario = new Scenario(Options().With(options => options.RecoveryThrottle.FreeFailures = 1), store);
        var (_, codes) = await scenario.EnrollAsync();
        var writes = 0;
        store.OnWrite = write => ++writes == 1 ? write() : new(false);

        var result = await scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(1, (await scenario.RecordAsync()).RecoveryThrottle.Failures);
        Assert.Contains(scenario.Events, e => e.Kind == MfaEventKind.ThrottlingStarted);
    }

    // The last try is delivered twice: it won, and the caller is told that it did not.
    [Fact]
    public async Task LastTryIsDeliveredTwice_ItsAnswerIsTold()
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var offer = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);
        var writes = 0;
        store.OnWrite = async write =>
        {
            if (++writes == 20)
            {
                await write();
            }

            return false;
        };

        var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

        Assert.True((await scenario.StatusAsync()).IsEnabled);
        Assert.True(confirmed.Succeeded, confirmed.Outcome.ToString());
    }

    // Decision 14: erased by any later write. Decision 4 of docs excepts a change "in the same call"; a receipt is a later call,
    // whose holder has seen the answer.
    [Fact]
    public async Task ChangeProvedByAReceiptOfARecoveryCode_EndsTheRedelivery()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var attempt = scenario.Mfa.BeginAttempt();
        var signedIn = await scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, MfaProof.FromReceipt(signedIn.Receipt!), Scenario.Token);

        var again = await scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.False(again.Succeeded, "The used code still gives the replacement codes and a receipt after a later change.");
    }

    // docs/decisions/5: "a stolen phone's session can change nothing once the phone is removed".
    [Fact]
    public async Task RemoveAuthenticatorAsync_PendingRecoveryCodesThatTheRemovedOneProved_DoNotWork()
    {
        var scenario = new Scenario();
        var (stolen, _) = await scenario.EnrollAsync();
        var (tablet, _) = await scenario.EnrollAsync(scenario.CodeOf(stolen));
        scenario.NextCode();
        var mallory = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(stolen), Scenario.Token);

        var removed = await scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, (await scenario.StatusAsync()).Authenticators[0].Id, scenario.CodeOf(tablet), Scenario.Token);
        var result = await scenario.VerifyAsync(mallory.RecoveryCodes!.Reveal()[0]);

        Assert.True(removed.Succeeded);
        Assert.False(result.Succeeded, "The thief signs in with a pending recovery code after the stolen phone was removed.");
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_PendingRecoveryCodesThatTheRemovedOneProved_CannotBeAcknowledged()
    {
        var scenario = new Scenario();
        var (stolen, owners) = await scenario.EnrollAsync();
        var (tablet, _) = await scenario.EnrollAsync(scenario.CodeOf(stolen));
        scenario.NextCode();
        var mallory = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(stolen), Scenario.Token);
        await scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, (await scenario.StatusAsync()).Authenticators[0].Id, scenario.CodeOf(tablet), Scenario.Token);

        await scenario.Mfa.AcknowledgeRecoveryCodesAsync(scenario.User, mallory.RecoveryCodes!.SetId, Scenario.Token);
        var owner = await scenario.VerifyAsync(owners!.Reveal()[0]);

        Assert.True(owner.Succeeded, "The stolen phone's session replaced the owner's recovery codes after its removal.");
    }

    // The owner proved the waiting enrolment with a recovery code; removing the lost phone must not void what was just scanned.
    [Fact]
    public async Task RemoveAuthenticatorAsync_EnrollmentThatARecoveryCodeProved_CanBeConfirmed()
    {
        var scenario = new Scenario(Options().With(options => options.MaximumAuthenticators = 3));
        var (lost, codes) = await scenario.EnrollAsync();
        await scenario.EnrollAsync(scenario.CodeOf(lost));
        var receipt = await scenario.ReceiptAsync(codes!.Reveal()[0]);
        var offer = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", receipt, cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);

        await scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, (await scenario.StatusAsync()).Authenticators[0].Id, receipt, Scenario.Token);
        var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

        Assert.True(confirmed.Succeeded, confirmed.Outcome.ToString());
    }

    // "One subject that cannot be opened must not keep the others from being finished."
    [Fact]
    public async Task RotateKeysAsync_KmsTimesOut_GoesOn()
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();
        var service = ServiceOf(scenario, scenario.Hasher, new HookedProtector(scenario.Protector) { Needs = true, OnProtect = () => throw new TaskCanceledException("HttpClient.Timeout") });

        var results = 0;
        await foreach (var result in service.RotateKeysAsync(Scenario.Token))
        {
            results++;
            Assert.NotNull(result);
        }

        Assert.Equal(1, results);
    }

    // Unknown members survive a rewrite; the kind of a newer version's event should as well, as the audit trail is for keeps.
    [Fact]
    public async Task EventKindOfANewerVersion_SurvivesARewrite()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var stored = await scenario.Store.FindAsync(scenario.User, Scenario.Token);
        var json = JsonNode.Parse(stored!.Document.Span)!.AsObject();
        json["events"]!.AsArray()[0]!["kind"] = "PasskeyBound";
        await scenario.Store.TryWriteAsync(scenario.User, Encoding.UTF8.GetBytes(json.ToJsonString()), Guid.NewGuid(), stored.Version, Scenario.Token);

        Assert.True((await scenario.VerifyAsync(phone.GetCode())).Succeeded);

        var rewritten = Encoding.UTF8.GetString((await scenario.Store.FindAsync(scenario.User, Scenario.Token))!.Document.Span);
        Assert.Contains("PasskeyBound", rewritten, StringComparison.Ordinal);
    }

    private sealed class HookedHasher(Func<int, Task> onRun) : IRecoveryCodeHasher
    {
        private readonly ProbeHasher _inner = new();
        private int _runs;

        public string CreateSettings() => _inner.CreateSettings();

        public async Task<byte[]> HashAsync(byte[] input, string settings)
        {
            await onRun(Interlocked.Increment(ref _runs));
            return await _inner.HashAsync(input, settings);
        }
    }

    private sealed class HookedProtector(ISecretProtector inner) : ISecretProtector
    {
        public Action? OnProtect { get; set; }

        public bool Needs { get; set; }

        public ValueTask<byte[]> ProtectAsync(
            ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
        {
            OnProtect?.Invoke();
            return inner.ProtectAsync(plaintext, associatedData, cancellationToken);
        }

        public ValueTask<byte[]> UnprotectAsync(
            ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default) =>
            inner.UnprotectAsync(protectedData, associatedData, cancellationToken);

        public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) => Needs || inner.NeedsReencryption(protectedData);
    }

    private sealed class HookedStore : IMfaStore
    {
        private readonly IMfaStore _inner = new InMemoryMfaStore();

        public Action? BeforeFind { get; set; }

        public Func<Func<ValueTask<bool>>, ValueTask<bool>>? OnWrite { get; set; }

        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
        {
            BeforeFind?.Invoke();
            return _inner.FindAsync(subject, cancellationToken);
        }

        public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
        {
            ValueTask<bool> Write() => _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
            return OnWrite is null ? Write() : OnWrite(Write);
        }

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            _inner.TryDeleteAsync(subject, expected, cancellationToken);
    }
}
