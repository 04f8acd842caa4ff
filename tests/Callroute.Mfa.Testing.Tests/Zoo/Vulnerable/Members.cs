using System.Collections.Concurrent;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Every member of the zoo.</summary>
internal static class Members
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
    private const string MovedSecret = "Secret_MovedToAnotherUser_LetsNobodyIn";

    public static IReadOnlyList<ZooMember> All { get; } =
    [
        new("01 stateless verify", setup => new StatelessVerify(setup), Later, AfterAnother, Spelling, ClockBack, EveryNode, AtOnce, Colliding, EnrollmentCode, UsedRolledBack),
        new("02 last-code memory", setup => new LastCodeMemory(setup), AfterAnother, Colliding),
        new("03 null first watermark", setup => new NullFirstWatermark(setup), Later, AfterAnother, Spelling, ClockBack, EveryNode, AtOnce, Colliding, EnrollmentCode, UsedRolledBack),
        new("04 raw-string used cache", setup => new RawStringUsedCache(setup), Spelling, Colliding),
        new("05 used cache of 60 s", setup => new ShortLivedUsedCache(setup), Later, ClockBack, Colliding),
        new("05 expiring store", setup => Over(setup, new ExpiringStore(setup.Clock)), AfterAYear, Colliding),
        new("06 read-check-write swap", setup => Over(setup, new ReadCheckWriteStore()), AtOnce, GuessesAtOnce, RecoveryAtOnce, TenAtOnce) { IsRace = true },
        new("06 last-write-wins store", setup => Over(setup, new LastWriteWinsStore()), AtOnce, GuessesAtOnce, RecoveryAtOnce, TenAtOnce) { IsRace = true },
        new("07 check-then-increment throttle", setup => new CheckThenIncrementThrottle(setup), GuessesAtOnce) { IsRace = true },
        new("08 failure in the caller's transaction", setup => Over(setup, new EnlistingStore(new InMemoryMfaStore())), GuessesRolledBack, UsedRolledBack),
        new("09 string-typed counter", setup => Over(setup, new StringCounterStore(new InMemoryMfaStore())), GuessesRestart, GuessesOneSession, GuessesSessions, GuessesSpellings, GuessesAtOnce, GuessesRolledBack, RecoveryGuesses),
        new("10 no-op limiter", setup => new NoOpLimiter(setup), GuessesOneSession, GuessesSessions, GuessesSpellings, GuessesAtOnce, GuessesRestart, GuessesRolledBack, RecoveryGuesses),
        new("11 session-scoped counter", setup => new SessionScopedCounter(setup), GuessesSessions, GuessesAtOnce, GuessesRestart, GuessesRolledBack, RecoveryGuesses),
        new("12 alias-keyed counter", setup => new AliasKeyedCounter(setup), GuessesSpellings),
        new("13 recovery codes in a JSON list", setup => new JsonListRecoveryCodes(setup), RecoveryAtOnce, TenAtOnce) { IsRace = true },
        new("14 revoke-then-save regeneration", setup => new RevokeThenSaveRegeneration(setup), Regeneration),
        new("15 lowest matching step", setup => new LowestMatchingStepBurn(setup), Colliding),
        new("16 AES-GCM without associated data", OverUnboundProtector, MovedSecret),
        new("17 enrolment code not consumed", setup => new EnrollmentCodeNotConsumed(setup), EnrollmentCode),
        new("18 cached answers", setup => new AnswerCache(setup, Over(setup, new InMemoryMfaStore())), EveryNode, Later, AfterAnother, ClockBack, AtOnce, Colliding, UsedRolledBack, RecoveryAtOnce, TenAtOnce),
        new("18 caching store", OverCachingStore, EveryNode, Later, Spelling, AtOnce, Colliding, GuessesOneSession, GuessesSessions, GuessesSpellings, GuessesAtOnce, GuessesRolledBack, UsedRolledBack, RecoveryGuesses, RecoveryAtOnce, TenAtOnce),
    ];

    public static ZooMember Named(string name) => All.Single(member => member.Name == name);

    private static RealSignIn Over(Setup setup, IMfaStore store) => new(setup, () => store);

    private static RealSignIn OverUnboundProtector(Setup setup)
    {
        var store = new InMemoryMfaStore();
        return new(setup, () => store, new UnboundProtector());
    }

    private static RealSignIn OverCachingStore(Setup setup)
    {
        var shared = new ConcurrentDictionary<MfaSubject, StoredRecord>();
        return new(setup, () => new CachingStore(shared));
    }
}
