using System.Diagnostics.Metrics;
using Callroute.Mfa.Core.Tests.Flows;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Issues;

/// <summary>What a hostile review found. Each test states what design.md, security.md or the public docs promise.</summary>
public sealed class ReviewTests
{
    private static MfaOptions Options(KeyRing? peppers = null) => new() { Issuer = "Callroute", Recovery = { Peppers = peppers } };

    private static MfaOptions SuspendsAtFive() => Options().With(options => options.TotpThrottle.LockoutThreshold = 5);

    // Decision 14: a lost response loses nothing. The user has lost the phone, replaces it with the recovery code as proof,
    // and the response is lost: the used code is dead, and the replacement must come again for the same attempt.
    [Fact]
    public async Task LostResponse_RecoveryCodeAsProof_GivesTheReplacementCodesAgain()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var phoneId = (await scenario.StatusAsync()).Authenticators[0].Id;
        var proof = MfaProof.FromCode(codes!.Reveal()[0], scenario.Mfa.BeginAttempt());

        var lost = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", proof, phoneId, cancellationToken: Scenario.Token);
        var again = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", proof, phoneId, cancellationToken: Scenario.Token);

        Assert.True(lost.Succeeded);
        Assert.True(again.Verification!.Succeeded, again.Verification.ToString());
        Assert.Equal(lost.Verification!.ReplacementRecoveryCodes!.Reveal()[0], again.Verification.ReplacementRecoveryCodes!.Reveal()[0]);
    }

    [Fact]
    public async Task LostResponse_RecoveryCodeAsProofOfARegeneration_GivesTheReplacementCodesAgain()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        var proof = MfaProof.FromCode(codes!.Reveal()[0], scenario.Mfa.BeginAttempt());

        await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, Scenario.Token);
        var again = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, Scenario.Token);

        Assert.True(again.Verification!.Succeeded, again.Verification.ToString());
    }

    // Revocation is immediate (ASVS 4.0.3 §2.8.6): who holds the stolen phone has begun an enrolment; its owner removes the
    // phone; the enrolment that the phone proved must not bind any more.
    [Fact]
    public async Task RemoveAuthenticatorAsync_EnrollmentThatTheRemovedOneProved_CannotBeConfirmed()
    {
        var scenario = new Scenario(Options().With(options => options.MaximumAuthenticators = 3));
        var (stolen, _) = await scenario.EnrollAsync();
        var (tablet, _) = await scenario.EnrollAsync(scenario.CodeOf(stolen));
        scenario.NextCode();
        var offer = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "mallory", scenario.CodeOf(stolen), cancellationToken: Scenario.Token);
        var attacker = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);
        scenario.NextCode();

        var removed = await scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, (await scenario.StatusAsync()).Authenticators[0].Id, scenario.CodeOf(tablet), Scenario.Token);
        var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, attacker.GetCode(), Scenario.Token);

        Assert.True(removed.Succeeded);
        Assert.False(confirmed.Succeeded, "The attacker's authenticator is bound after the stolen one was removed.");
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_ReceiptOfTheRemovedOne_ProvesNothing()
    {
        var scenario = new Scenario();
        var (stolen, _) = await scenario.EnrollAsync();
        var (tablet, _) = await scenario.EnrollAsync(scenario.CodeOf(stolen));
        var receipt = await scenario.ReceiptAsync(stolen.GetCode());

        await scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, (await scenario.StatusAsync()).Authenticators[0].Id, scenario.CodeOf(tablet), Scenario.Token);
        var offer = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "mallory", receipt, cancellationToken: Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRefused, offer.Outcome);
    }

    // BeginEnrollment says "a code of a suspended authenticator proves nothing, however young its receipt"; decision 9 lifts a
    // suspension by a recovery code or an administrator only.
    [Fact]
    public async Task Suspension_ReceiptOfBefore_DoesNotLiftItByDisablingAndEnrollingAgain()
    {
        var scenario = new Scenario(SuspendsAtFive());
        var (phone, _) = await scenario.EnrollAsync();
        var receipt = await scenario.ReceiptAsync(phone.GetCode());
        await scenario.FailToSuspensionAsync(phone);

        var disabled = await scenario.Mfa.DisableAsync(scenario.User, receipt, Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRefused, disabled.Outcome);
    }

    [Fact]
    public async Task Suspension_ReceiptOfBefore_DoesNotMakeTheRecoveryCodeThatLiftsIt()
    {
        var scenario = new Scenario(SuspendsAtFive());
        var (phone, _) = await scenario.EnrollAsync();
        var receipt = await scenario.ReceiptAsync(phone.GetCode());
        await scenario.FailToSuspensionAsync(phone);

        var made = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, receipt, Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRefused, made.Outcome);
    }

    // R2: the codes that an enrolment issues must work. A new set starts clean everywhere else.
    [Fact]
    public async Task ConfirmEnrollmentAsync_AfterDisablingWithLockedOutRecovery_IssuesACodeThatWorks()
    {
        var scenario = new Scenario(Options().With(options => (options.RecoveryThrottle.LockoutThreshold, options.RecoveryThrottle.FailureAllowance) = (5, 1000)));
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.FailAsync(5, () => RecoveryCode.Generate().Reveal());
        await scenario.Mfa.DisableAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token);
        var (_, codes) = await scenario.EnrollAsync();
        scenario.Clock.Advance(TimeSpan.FromHours(1));

        var used = await scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.True(used.Succeeded, used.ToString());
    }

    // Decision 12: a missing record never opens a door. EnrollmentRequired is documented as "was disabled or reset".
    [Fact]
    public async Task GetSignInRequirementAsync_MissingRecordAndAnEnrollmentBegun_IsStillUnavailable()
    {
        var scenario = new Scenario();
        var before = await scenario.Mfa.GetSignInRequirementAsync(scenario.User, requiredByHost: true, Scenario.Token);
        await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "mallory", cancellationToken: Scenario.Token);

        var after = await scenario.Mfa.GetSignInRequirementAsync(scenario.User, requiredByHost: true, Scenario.Token);

        Assert.Equal(SignInRequirement.Unavailable, before);
        Assert.Equal(SignInRequirement.Unavailable, after);
    }

    // AttemptId: "The default value is no attempt and is refused as misuse." With it, a used recovery code is good for
    // anybody who proves with the default too.
    [Fact]
    public async Task FromCode_DefaultAttempt_IsMisuse()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, MfaProof.FromCode(codes!.Reveal()[0], default), Scenario.Token));
    }

    // Decision 8: a right code is refunded. A double click charges twice and refunds once.
    [Fact]
    public async Task VerifyAsync_SameAttemptSentTwiceAtOnce_ChargesNothingAndLogsNoRefusal()
    {
        var barrier = new TaskCompletionSource();
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        scenario.Hasher.Barrier = barrier.Task;
        var attempt = scenario.Mfa.BeginAttempt();
        var first = scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var second = scenario.VerifyAsync(codes.Reveal()[0], attempt);
        barrier.SetResult();
        Assert.All(await Task.WhenAll(first, second), r => Assert.True(r.Succeeded));

        var record = await scenario.RecordAsync();

        Assert.False(record.RecoveryThrottle.AllowanceFullAt > scenario.Clock.GetUtcNow(), "The budget stays charged.");
        Assert.Equal(0, record.RecoveryThrottle.Failures);
        Assert.DoesNotContain(record.Events, e => e.Kind == MfaEventKind.Refused);
    }

    // B-21: without regeneration each code of one set works once, also in parallel. Codes of a pending set do not.
    [Fact]
    public async Task VerifyAsync_TwoCodesOfAPendingSetAtOnce_AreAcceptedOrAskedForAgain()
    {
        var scenario = new Scenario(new MfaOptions { Issuer = "Callroute", Recovery = { Count = 2, RegenerateOnUse = false } });
        var (phone, _) = await scenario.EnrollAsync();
        var made = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token);
        var barrier = new TaskCompletionSource();
        scenario.Hasher.Barrier = barrier.Task;
        var first = scenario.VerifyAsync(made.RecoveryCodes!.Reveal()[0]);
        var second = scenario.VerifyAsync(made.RecoveryCodes.Reveal()[1]);
        barrier.SetResult();

        var results = await Task.WhenAll(first, second);
        var again = await scenario.VerifyAsync(made.RecoveryCodes.Reveal()[results[0].Succeeded ? 1 : 0]);

        Assert.All(results, r => Assert.True(r.Succeeded || r.Reason == RefusalReason.Busy, r.ToString()));
        Assert.True(again.Succeeded, again.ToString());
        Assert.Equal(0, (await scenario.StatusAsync()).Recovery.ConsecutiveFailures);
    }

    // "Once a write has started, the caller's cancellation is ignored": the code of the proof is consumed by then.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_CancelledAfterItsCodeWasConsumed_RunsToItsEnd(bool isRegeneration)
    {
        using var cancellation = new CancellationTokenSource();
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var (phone, _) = await scenario.EnrollAsync();
        store.AfterWrite = cancellation.Cancel;
        var proof = scenario.CodeOf(phone);

        var change = isRegeneration
            ? await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, cancellation.Token)
            : await scenario.Mfa.DisableAsync(scenario.User, proof, cancellation.Token);

        Assert.True(change.Succeeded);
    }

    // VerifyAsync documents OperationCanceledException as "cancelled before anything was written".
    [Fact]
    public async Task VerifyAsync_StoreTimesOutAfterTheWriteWhileCancelled_IsUnavailable()
    {
        using var cancellation = new CancellationTokenSource();
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var (phone, _) = await scenario.EnrollAsync();
        store.AfterWrite = () =>
        {
            cancellation.Cancel();
            store.OnFind = (_, _) => throw new TaskCanceledException("The store's own time-out.");
            throw new TaskCanceledException("The store's own time-out.");
        };

        var result = await scenario.Mfa.VerifyAsync(scenario.User, phone.GetCode(), scenario.Mfa.BeginAttempt(), cancellation.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
    }

    // EraseAsync: the token "ends the wait, until a delete has started".
    [Fact]
    public async Task EraseAsync_CancelledAfterADeleteHasStarted_IsDone()
    {
        using var cancellation = new CancellationTokenSource();
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        await scenario.EnrollAsync();
        store.AfterDelete = _ =>
        {
            cancellation.Cancel();
            return false;
        };

        Assert.True((await scenario.Mfa.EraseAsync(scenario.User, cancellation.Token)).Succeeded);
    }

    [Fact]
    public async Task EraseAsync_DeleteDeliveredTwice_StillRaisesItsEvent()
    {
        var store = new HookedStore { AfterDelete = _ => false };
        var scenario = new Scenario(store: store);
        await scenario.EnrollAsync();

        var erased = await scenario.Mfa.EraseAsync(scenario.User, Scenario.Token);

        Assert.True(erased.Succeeded);
        Assert.Contains(scenario.Events, e => e.Kind == MfaEventKind.Erased);
    }

    // The shell "after a time-out re-reads once": not for a delete.
    [Fact]
    public async Task EraseAsync_TimeOutAfterTheDelete_IsDone()
    {
        var store = new HookedStore { AfterDelete = _ => throw new TimeoutException() };
        var scenario = new Scenario(store: store);
        await scenario.EnrollAsync();

        Assert.True((await scenario.Mfa.EraseAsync(scenario.User, Scenario.Token)).Succeeded);
    }

    // ASVS, decision 6: a changed pepper is answered by regenerating. The old codes cannot be checked any more anyway.
    [Fact]
    public async Task RegenerateRecoveryCodesAsync_PepperOfTheOldSetIsGone_MakesANewSet()
    {
        var scenario = new Scenario(Options(Scenario.NewKeys("p1")));
        var (phone, _) = await scenario.EnrollAsync();
        var later = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, Options(Scenario.NewKeys("p2")), scenario.Clock);

        var made = await later.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token);

        Assert.True(made.Succeeded);
    }

    // IMfaStore: "A stale read costs a lost swap, never a wrong answer"; B-08. A repeated answer is accepted without a swap.
    [Fact]
    public async Task VerifyAsync_StaleReadAfterAReset_DoesNotAcceptARepeatedRecovery()
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var (_, codes) = await scenario.EnrollAsync();
        var attempt = scenario.Mfa.BeginAttempt();
        await scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var stale = await store.FindAsync(scenario.User, Scenario.Token);
        await scenario.Mfa.ResetAsync(scenario.User, "account taken over", Scenario.Token);
        store.OnFind = (_, _) => stale;

        var result = await scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.False(result.Succeeded);
    }

    // "Unknown members survive a rewrite": so must an event that a newer version of the same format added, or a rolling
    // upgrade locks users out.
    [Fact]
    public async Task Read_EventKindOfANewerVersion_IsNoReasonToRefuse()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.EditAsync(json => json["events"]![0]!["kind"] = "PasskeyBound");

        var result = await scenario.VerifyAsync(phone.GetCode());

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    // MfaRecordJson.Read documents InvalidDataException for what is no record.
    [Theory]
    [InlineData("authenticators")]
    [InlineData("userId")]
    [InlineData("totpThrottle")]
    public async Task Read_NullWhereAValueMustBe_IsInvalidData(string member)
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();
        await scenario.EditAsync(json => json[member] = null);

        await Assert.ThrowsAsync<InvalidDataException>(scenario.StatusAsync);
    }

    // KeyRotation: one subject must not keep the others from being finished.
    [Fact]
    public async Task RotateKeysAsync_StoreTimesOutForOneSubject_FinishesTheOthers()
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        foreach (var id in new[] { "a", "b", "c" })
        {
            scenario.User = new MfaSubject(id);
            await scenario.EnrollAsync();
        }

        store.OnFind = (subject, stored) => subject.UserId == "b" ? throw new TaskCanceledException("The store's own time-out.") : stored;

        var results = await scenario.Mfa.RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token);

        Assert.Equal(3, results.Count);
    }

    // A key rotation changes nothing that its owner did, so it must not lose them a lost response.
    [Fact]
    public async Task VerifyAsync_RepeatAfterAKeyRotation_StillGivesTheCodes()
    {
        var keys = new Dictionary<string, byte[]> { ["k1"] = new byte[32], ["k2"] = [.. Enumerable.Repeat((byte)2, 32)] };
        var scenario = new Scenario(protector: new AesGcmSecretProtector(new KeyRing("k1", keys)));
        var (_, codes) = await scenario.EnrollAsync();
        var attempt = scenario.Mfa.BeginAttempt();
        await scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var rotated = new MfaService(scenario.Store, new AesGcmSecretProtector(new KeyRing("k2", keys)), scenario.Hasher, scenario.Options, scenario.Clock);
        Assert.True((await rotated.RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token))[0].WasChanged);

        Assert.True((await scenario.VerifyAsync(codes.Reveal()[0], attempt)).Succeeded);
    }

    // The gate bounds how many hash at once, whatever is called.
    [Fact]
    public async Task Leave_MoreThanEntered_DoesNotWidenTheGate()
    {
        var gate = new RecoveryHashGate(1, 0, TimeSpan.Zero, TimeProvider.System);
        Assert.ThrowsAny<Exception>(gate.Leave);

        Assert.True(await gate.TryEnterAsync(Scenario.Token));
        Assert.False(await gate.TryEnterAsync(Scenario.Token));
    }

    // ResetAsync: ArgumentException where "the reason is empty"; an audited reason must not become empty by cleaning.
    [Fact]
    public async Task ResetAsync_ReasonOfControlCharacters_IsRefused()
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await scenario.Mfa.ResetAsync(scenario.User, "\u0001\u0002", Scenario.Token));
    }

    // A right code that the server failed to hash is no failure of its owner: five of them throttle, thirty exhaust the budget.
    [Fact]
    public async Task VerifyAsync_HashFails_LeavesNoCharge()
    {
        var scenario = new Scenario();
        var (_, codes) = await scenario.EnrollAsync();
        scenario.Hasher.Barrier = Task.FromException(new InvalidOperationException("No memory."));

        await scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(0, (await scenario.StatusAsync()).Recovery.ConsecutiveFailures);
    }

    // The permit bounds hashing; a slow mail server behind OnEvent must not hold it.
    [Fact]
    public async Task OnEvent_SlowHandler_HoldsNoPermit()
    {
        var scenario = new Scenario(Options().With(o => Scenario.OwnGate(o.Recovery, concurrency: 1, queueLength: 0)));
        var (_, codes) = await scenario.EnrollAsync();
        var mail = new TaskCompletionSource();
        var slow = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, scenario.Options.With(options => options.OnEvent = (_, _) => new ValueTask(mail.Task)), scenario.Clock);
        var running = slow.VerifyAsync(scenario.User, RecoveryCode.Generate().Reveal(), slow.BeginAttempt(), Scenario.Token);

        var other = await scenario.VerifyAsync(codes!.Reveal()[0]);
        mail.SetResult();
        await running;

        Assert.True(other.Succeeded, other.ToString());
    }

    // The meter counts "Answers to codes": guesses through a change are answers too.
    [Fact]
    public async Task Meter_WrongCodeAsProof_IsCounted()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var here = new AsyncLocal<bool> { Value = true };
        var counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "callroute.mfa.verifications")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            // Tests in parallel are measured too, on their own threads.
            if (here.Value)
            {
                Interlocked.Increment(ref counted);
            }
        });
        listener.Start();

        await scenario.Mfa.DisableAsync(scenario.User, MfaProof.FromCode(scenario.WrongCode(phone), scenario.Mfa.BeginAttempt()), Scenario.Token);

        Assert.Equal(1, counted);
    }

    // Events and names go to logs: a line separator is a line break there (ASVS 16.4.1).
    [Fact]
    public async Task ResetAsync_LineSeparatorInTheReason_IsDropped()
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();

        await scenario.Mfa.ResetAsync(scenario.User, "ok\u2028FAKE LINE\u202E", Scenario.Token);

        Assert.DoesNotContain('\u2028', (await scenario.StatusAsync()).RecentEvents[^1].Reason!);
    }

    // Lazy re-encryption is a courtesy: an abandoned enrolment under a key that is gone (a node that lagged behind the
    // rotation) must not keep the phone out, whose own key is there.
    [Fact]
    public async Task VerifyAsync_AbandonedEnrollmentUnderALostKey_IsStillAccepted()
    {
        var keys = new Dictionary<string, byte[]> { ["k1"] = new byte[32], ["k2"] = [.. Enumerable.Repeat((byte)2, 32)] };
        var scenario = new Scenario(protector: new AesGcmSecretProtector(new KeyRing("k2", keys)));
        var (phone, _) = await scenario.EnrollAsync();
        var lagging = new MfaService(scenario.Store, new AesGcmSecretProtector(new KeyRing("k1", keys)), scenario.Hasher, scenario.Options, scenario.Clock);
        var receipt = await scenario.ReceiptAsync(phone.GetCode());
        Assert.True((await lagging.BeginEnrollmentAsync(scenario.User, "tablet", receipt, cancellationToken: Scenario.Token)).Succeeded);
        scenario.Clock.Advance(TimeSpan.FromDays(30));
        var later = new MfaService(scenario.Store, new AesGcmSecretProtector(new KeyRing("k2", keys.Where(k => k.Key == "k2").ToDictionary())), scenario.Hasher, scenario.Options, scenario.Clock);

        var result = await later.VerifyAsync(scenario.User, phone.GetCode(), later.BeginAttempt(), Scenario.Token);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    // Decision 10: a missing key is never "wrong code". Where no sign-in is verified it surfaces.
    [Fact]
    public async Task ConfirmEnrollmentAsync_MissingKey_SurfacesAndCostsNoTry()
    {
        var scenario = new Scenario();
        var offer = await scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", cancellationToken: Scenario.Token);
        var stranger = new MfaService(scenario.Store, new AesGcmSecretProtector(Scenario.NewKeys("k2")), scenario.Hasher, scenario.Options, scenario.Clock);

        await Assert.ThrowsAsync<SecretProtectionException>(async () => await stranger.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, "123456", Scenario.Token));

        Assert.Equal(5, (await scenario.RecordAsync()).PendingEnrollment!.TriesLeft);
    }

    // The right code in an attempt that a code of the app has spent meanwhile: not consumed, so it must not be charged, and
    // "spent" instead of "wrong" must not tell that it was right.
    [Fact]
    public async Task VerifyAsync_AttemptSpentWhileHashing_ChargesNothing()
    {
        var scenario = new Scenario();
        var (phone, codes) = await scenario.EnrollAsync();
        var barrier = new TaskCompletionSource();
        scenario.Hasher.Barrier = barrier.Task;
        var attempt = scenario.Mfa.BeginAttempt();
        var recovering = scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        Assert.True((await scenario.VerifyAsync(phone.GetCode(), attempt)).Succeeded);
        barrier.SetResult();

        Assert.Equal(RefusalReason.AttemptSpent, (await recovering).Reason);
        Assert.Equal(0, (await scenario.StatusAsync()).Recovery.ConsecutiveFailures);
        Assert.DoesNotContain(scenario.Events, e => e.Kind == MfaEventKind.Refused);
    }

    // The shape: a decision "makes no random value"; ArchitectureTests look for clocks, tasks and stores only.
    [Fact]
    public void Decisions_AreFreeOf_Randomness()
    {
        var impure =
            from type in typeof(MfaRecord).Assembly.GetTypes()
            where type.Namespace == typeof(MfaRecord).Namespace
            from used in Architecture.TypeReferences.Of(type)
            where used == typeof(System.Security.Cryptography.RandomNumberGenerator)
            select type.Name;

        Assert.Empty(impure.Distinct());
    }

    // "Guessing does not push the history out": alternating between the two factors does, within the default throttles.
    [Fact]
    public async Task RecentEvents_GuessesThatAlternateBetweenFactors_KeepTheBinding()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        for (var i = 0; i < 18; i++)
        {
            await scenario.FailAsync(1, () => scenario.WrongCode(phone));
            await scenario.FailAsync(1, () => RecoveryCode.Generate().Reveal());
        }

        Assert.Contains((await scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.AuthenticatorBound);
    }

    /// <summary>An in-memory store with a hook after every call.</summary>
    private sealed class HookedStore : IMfaStore, IMfaStoreScan
    {
        private readonly IMfaStore _inner = new InMemoryMfaStore();

        public Func<MfaSubject, StoredRecord?, StoredRecord?>? OnFind { get; set; }

        public Action? AfterWrite { get; set; }

        public Func<bool, bool>? AfterDelete { get; set; }

        public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
        {
            var stored = await _inner.FindAsync(subject, cancellationToken);
            return OnFind is null ? stored : OnFind(subject, stored);
        }

        public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
        {
            var isWritten = await _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
            AfterWrite?.Invoke();
            return isWritten;
        }

        public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
        {
            var isDeleted = await _inner.TryDeleteAsync(subject, expected, cancellationToken);
            return AfterDelete is null ? isDeleted : AfterDelete(isDeleted);
        }

        public IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => ((IMfaStoreScan)_inner).ScanAsync(cancellationToken);
    }
}
