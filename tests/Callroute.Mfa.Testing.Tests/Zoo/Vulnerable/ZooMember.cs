using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Broken;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>An implementation that is broken on purpose.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Open">Creates an instance.</param>
/// <param name="Breaks">The rules that it breaks. The first one names the defect.</param>
internal sealed record ZooMember(string Name, Func<Setup, ISignIn> Open, params string[] Breaks)
{
    private const string Later = "UsedCode_AtEveryLaterInstant_IsRefused";
    private const string AfterAnother = "UsedCode_AfterAnotherCode_IsRefused";
    private const string Spelling = "UsedCode_SpeltOtherwise_IsRefused";
    private const string ClockBack = "UsedCode_AfterTheClockWentBack_IsRefused";
    private const string EveryNode = "UsedCode_OnEveryNode_IsRefused";
    private const string AtOnce = "OneCode_ByManyAtOnce_IsAcceptedOnce";
    private const string Colliding = "CollidingSteps_AreConsumedUpToTheHighest";
    private const string EnrollmentCode = "EnrollmentCode_AtTheFirstSignIn_IsRefused";
    private const string AfterAYear = "FreshCode_AfterAYear_IsAccepted";
    private const string GuessesOneSession = "Guesses_InOneSession_AreLimited";
    private const string GuessesSessions = "Guesses_InManySessions_AreLimited";
    private const string GuessesSpellings = "Guesses_UnderManySpellingsOfTheName_AreLimited";
    private const string GuessesAtOnce = "Guesses_AtOnce_AreLimited";
    private const string GuessesRestart = "Guesses_AcrossRestarts_AreLimited";
    private const string GuessesRolledBack = "Guesses_ThatTheCallerRollsBack_AreLimited";
    private const string UsedRolledBack = "UsedCode_ThatTheCallerRollsBack_IsRefused";
    private const string RecoveryGuesses = "RecoveryGuesses_OneAfterTheOther_AreLimited";
    private const string RecoveryAtOnce = "RecoveryCode_ByManyAtOnce_IsAcceptedOnce";
    private const string TenAtOnce = "TenRecoveryCodes_AtOnce_AreEachAcceptedOnce";
    private const string Regeneration = "Regeneration_ThatDiesAnywhere_LeavesAWorkingCode";
    private const string KnownDevice = "Stranger_WhoGuessesForADay_DoesNotLockOutAKnownDevice";
    private const string BesideSignIns = "Guesses_BesideTheOwnersSignIns_AreLimited";
    private const string BesideStepUps = "Guesses_BesideTheOwnersStepUps_AreLimited";
    private const string AfterReset = "Password_AfterAReset_IsNotEnough";
    private const string RecordLost = "Password_WhileTheRecordIsLost_IsNotEnough";
    private const string MovedSecret = "Secret_MovedToAnotherUser_LetsNobodyIn";

    private const string HashOnlyWithProof = "Regeneration_WithoutAGoodProof_HashesNothing";
    private const string UntilSignOut = "UsedRecoveryCode_SentAgain_IsAnsweredUntilTheSignOut";
    private const string ConfirmedTwice = "Confirmation_SentTwice_GivesItsRecoveryCodes";

    private static readonly string[] SingleUse =
        [AfterAnother, Spelling, ClockBack, EveryNode, AtOnce, Colliding, EnrollmentCode, UsedRolledBack];

    private static readonly string[] Guesses =
        [GuessesOneSession, GuessesSessions, GuessesSpellings, GuessesAtOnce, GuessesRolledBack, RecoveryGuesses];

    private static readonly string[] AtOnceEach = [AtOnce, GuessesAtOnce, RecoveryAtOnce, TenAtOnce];

    public static IReadOnlyList<ZooMember> All { get; } =
    [
        new("01 stateless verify", setup => new StatelessVerify(setup), [Later, .. SingleUse]),
        new("02 last-code memory", setup => new LastCodeMemory(setup), AfterAnother, Colliding),
        new("03 true as the first step", setup => new TrueAsFirstStep(setup), [Later, .. SingleUse]),
        new("04 raw-string used cache", setup => new RawStringUsedCache(setup), Spelling, Colliding),
        new("05 used cache of 60 s", setup => new ShortLivedUsedCache(setup), Later, Colliding),
        OnStore(
            "05 expiring store",
            (data, setup) => BrokenStores.ExpiringStore(data, setup.Clock),
            AfterAYear, Colliding, KnownDevice),
        OnStore("06 read-check-write store", (data, _) => BrokenStores.ReadCheckWriteStore(data), AtOnceEach) with { IsRace = true },
        OnStore("06 last-write-wins store", (data, _) => BrokenStores.LastWriteWinsStore(data), AtOnceEach) with { IsRace = true },
        new("07 check-then-increment throttle", setup => new CheckThenIncrementThrottle(setup), GuessesAtOnce) { IsRace = true },
        OnStore(
            "08 failure in the caller's transaction", (data, _) => BrokenStores.EnlistingStore(data), GuessesRolledBack, UsedRolledBack),
        OnStore("09 string-typed counter", (data, _) => BrokenStores.StringCounterStore(data), [GuessesRestart, .. Guesses]),
        new("10 no-op limiter", setup => new NoOpLimiter(setup), [GuessesOneSession, GuessesRestart, .. Guesses[1..]]),
        new(
            "11 session-scoped counter",
            setup => new SessionScopedCounter(setup),
            GuessesSessions, GuessesAtOnce, GuessesRestart, GuessesRolledBack, RecoveryGuesses),
        new("12 alias-keyed counter", setup => new AliasKeyedCounter(setup), GuessesSpellings),
        new("13 recovery codes in a JSON list", setup => new JsonListRecoveryCodes(setup), RecoveryAtOnce, TenAtOnce) { IsRace = true },
        new("14 revoke-then-save regeneration", setup => new RevokeThenSaveRegeneration(setup), Regeneration),
        new("15 lowest matching step", setup => new LowestMatchingStepBurn(setup), Colliding),
        new(
            "16 AES-GCM without associated data",
            setup => OverStore(setup, data => data, new UnboundProtector(new AesGcmSecretProtector(setup.Keys))),
            MovedSecret),
        new("17 enrolment code not consumed", setup => new EnrollmentCodeNotConsumed(setup), EnrollmentCode),
        new(
            "18 cached answers",
            setup => new AnswerCache(setup),
            EveryNode, Later, AfterAnother, ClockBack, AtOnce, Colliding, UsedRolledBack, RecoveryAtOnce, TenAtOnce, UntilSignOut),
        new(
            "18 caching store",
            setup => OverStores(setup, BrokenStores.CachingStore),
            [
                EveryNode, Later, Spelling, AtOnce, Colliding, UsedRolledBack, RecoveryAtOnce, TenAtOnce, BesideSignIns, BesideStepUps,
                UntilSignOut, .. Guesses,
            ]),
        new("19 one counter for all devices", setup => new OneCounterForAllDevices(setup), KnownDevice),
        new("20 refund of any attempt", setup => new RefundOfAnyAttempt(setup), BesideSignIns),
        new("20 refund at a step-up", setup => new RefundAtStepUp(setup), BesideStepUps),
        new("21 reset opens", setup => new ResetOpens(setup), AfterReset),
        new("21 missing record opens", setup => new MissingRecordOpens(setup), RecordLost),
        new("22 cost before proof", setup => new CostBeforeProof(setup), HashOnlyWithProof),
        new("23 answer after the sign-out", setup => new AnswerAfterSignOut(setup), UntilSignOut),
        new("24 codes in the first response only", setup => new CodesOfFirstResponseOnly(setup), ConfirmedTwice),
    ];

    /// <summary>Whether the first rule finds the defect by a race.</summary>
    public bool IsRace { get; init; }

    public static ZooMember Named(string name) => All.Single(member => member.Name == name);

    /// <summary>The real service. All nodes share one store.</summary>
    public static RealSignIn OverStore(Setup setup, Func<IMfaStore, IMfaStore> alter, UnboundProtector? protector = null)
    {
        var store = alter(new InMemoryMfaStore());
        return new(setup, () => store, protector);
    }

    /// <summary>The real service. Each node has a separate store on the same data.</summary>
    public static RealSignIn OverStores(Setup setup, Func<IMfaStore, IMfaStore> alter)
    {
        var data = new InMemoryMfaStore();
        return new(setup, () => alter(data));
    }

    private static ZooMember OnStore(string name, Func<IMfaStore, Setup, IMfaStore> alter, params string[] breaks) =>
        new(name, setup => OverStore(setup, data => alter(data, setup)), breaks);
}
