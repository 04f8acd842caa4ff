using System.Text.Json.Serialization;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>Everything that is known about one subject's MFA: immutable, and written as a whole.</summary>
internal sealed record MfaRecord : ExtensibleDocument
{
    public const int CurrentFormat = 1;

    private const int MaximumSpentAttempts = 16;

    public required int Format { get; init; }

    public required string UserId { get; init; }

    public string? Tenant { get; init; }

    /// <summary>Changes when MFA is disabled or reset, which voids the receipts of before.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>When MFA was last disabled or reset; null where it never was.</summary>
    public DateTimeOffset? UnboundAt { get; init; }

    public required IReadOnlyList<AuthenticatorRecord> Authenticators { get; init; }

    public PendingEnrollment? PendingEnrollment { get; init; }

    public RecoveryCodeSet? RecoveryCodes { get; init; }

    /// <summary>Only there while there is an active set.</summary>
    public PendingRecoveryCodes? PendingRecoveryCodes { get; init; }

    public required ThrottleState TotpThrottle { get; init; }

    public required ThrottleState RecoveryThrottle { get; init; }

    public Redelivery? Redelivery { get; init; }

    /// <summary>Fingerprints of the last attempts that succeeded, newest last.</summary>
    public required IReadOnlyList<byte[]> SpentAttempts { get; init; }

    /// <summary>The last audit events, newest last.</summary>
    /// <remarks>Required and init-only, so that the serializer reads it with the reader of the whole document, whose positions <see cref="EventHistoryConverter"/> notes.</remarks>
    public required EventHistory Events { get; init; }

    [JsonIgnore]
    public MfaSubject Subject => new(UserId, Tenant);

    [JsonIgnore]
    public bool IsEnabled => Authenticators.Count > 0;

    public static MfaRecord Create(MfaSubject subject, Guid epoch) => new()
    {
        Format = CurrentFormat,
        UserId = subject.UserId,
        Tenant = subject.Tenant,
        Epoch = epoch,
        Authenticators = [],
        TotpThrottle = ThrottleState.Clean,
        RecoveryThrottle = ThrottleState.Clean,
        SpentAttempts = [],
        Events = EventHistory.Empty,
    };

    /// <summary>A new set is a new authenticator: it starts without the failures and the suspension of the old one.</summary>
    public MfaRecord WithNewSet(RecoveryCodeSet set) =>
        this with { RecoveryCodes = set, PendingRecoveryCodes = null, RecoveryThrottle = RecoveryThrottle.Succeed() };

    /// <summary>Ends what the authenticators have proved and nobody has confirmed: they may be in wrong hands.</summary>
    public MfaRecord Revoke(IReadOnlyList<AuthenticatorRecord> removed) => this with
    {
        PendingEnrollment = removed.Any(a => a.Id == PendingEnrollment?.ProvedBy) ? null : PendingEnrollment,
        PendingRecoveryCodes = removed.Any(a => a.Id == PendingRecoveryCodes?.ProvedBy) ? null : PendingRecoveryCodes,
    };

    public bool IsSpent(AttemptId attempt)
    {
        var fingerprint = attempt.Fingerprint();
        return SpentAttempts.Any(spent => spent.AsSpan().SequenceEqual(fingerprint));
    }

    /// <summary>The spent attempts with one more; the oldest makes room for it.</summary>
    public IReadOnlyList<byte[]> SpentAttemptsWith(AttemptId attempt) =>
        [.. SpentAttempts.Skip(SpentAttempts.Count - (MaximumSpentAttempts - 1)), attempt.Fingerprint()];

    public MfaRecord Log(MfaEvent happened)
    {
        // Wrong codes are counted in one event a factor, so that guessing does not push the history out.
        var index = happened.Kind == MfaEventKind.Refused ? LastIndexOf(happened, IsOfGuessing) : -1;
        return this with { Events = index < 0 ? Events.Add(happened) : Events.Replace(index, Events[index].WithRepeats(Events[index].Repeats + 1, happened.At)) };
    }

    /// <summary>Takes back an event that was logged before its truth was known.</summary>
    public MfaRecord Unlog(MfaEvent happened)
    {
        var index = LastIndexOf(happened, _ => true);
        if (index < 0)
        {
            return this;
        }

        var last = Events[index];
        return this with { Events = last.Repeats > 0 ? Events.Replace(index, last.WithRepeats(last.Repeats - 1, last.At)) : Events.RemoveAt(index) };
    }

    // Looks back from the newest, no further than events that may stand between.
    private int LastIndexOf(MfaEvent happened, Predicate<MfaEvent> mayStandBetween)
    {
        for (var index = Events.Count - 1; index >= 0; index--)
        {
            var earlier = Events[index];
            if (earlier.Kind == happened.Kind && earlier.Method == happened.Method)
            {
                return index;
            }

            if (!mayStandBetween(earlier))
            {
                break;
            }
        }

        return -1;
    }

    private static bool IsOfGuessing(MfaEvent happened) =>
        happened.Kind is MfaEventKind.Refused or MfaEventKind.ThrottlingStarted or MfaEventKind.FactorLockedOut;
}
