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
    public const int MaximumEvents = 32;

    private const int MaximumSpentAttempts = 16;

    public required int Format { get; init; }

    public required string UserId { get; init; }

    public string? Tenant { get; init; }

    /// <summary>Changes when MFA is disabled or reset, which voids the receipts of before.</summary>
    public required Guid Epoch { get; init; }

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
    public required IReadOnlyList<MfaEvent> Events { get; init; }

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
        Events = [],
    };

    public bool IsSpent(AttemptId attempt)
    {
        var fingerprint = attempt.Fingerprint();
        return SpentAttempts.Any(spent => spent.AsSpan().SequenceEqual(fingerprint));
    }

    public MfaRecord Spend(AttemptId attempt) =>
        this with { SpentAttempts = [.. SpentAttempts.TakeLast(MaximumSpentAttempts - 1), attempt.Fingerprint()] };

    public MfaRecord Log(MfaEvent happened)
    {
        // A row of wrong codes is one event with a count, so that guessing does not push the history out.
        var repeats = happened.Kind == MfaEventKind.Refused && Events is [.., { Kind: MfaEventKind.Refused } last] && last.Method == happened.Method;
        return repeats
            ? this with { Events = [.. Events.SkipLast(1), happened with { Repeats = Events[^1].Repeats + 1 }] }
            : this with { Events = [.. Events.TakeLast(MaximumEvents - 1), happened] };
    }

    /// <summary>Takes back an event that was logged before its truth was known.</summary>
    public MfaRecord Unlog(MfaEvent happened)
    {
        var index = Events.ToList().FindLastIndex(e => e.Kind == happened.Kind && e.Method == happened.Method);
        if (index < 0)
        {
            return this;
        }

        var last = Events[index];
        return last.Repeats > 0
            ? this with { Events = [.. Events.Take(index), last with { Repeats = last.Repeats - 1 }, .. Events.Skip(index + 1)] }
            : this with { Events = [.. Events.Take(index), .. Events.Skip(index + 1)] };
    }
}
