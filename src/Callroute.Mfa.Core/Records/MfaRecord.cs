using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>All data about one subject's MFA. It is immutable and written as a whole.</summary>
internal sealed record MfaRecord : ExtensibleDocument
{
    public const int CurrentFormat = 1;

    private const int MaximumSpentAttempts = 16;
    private const int MaximumKnownDevices = 10;

    public required int Format { get; init; }

    public required string UserId { get; init; }

    public string? Tenant { get; init; }

    /// <summary>
    /// Changes when MFA is disabled or reset. Earlier receipts, and tokens of known devices and remembered browsers, are then invalid.
    /// </summary>
    public required Guid SecurityStamp { get; init; }

    /// <summary>The latest time of a write, by the clock of the node that wrote it.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>The key that authenticates receipts and tokens, encrypted; null until the first one is issued.</summary>
    public byte[]? ProtectedTokenKey { get; init; }

    /// <summary>When MFA was last disabled or reset; null if never.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the last reset allowed; null if MFA was never reset, or if the user disabled it since.</summary>
    public ResetTerms? ResetTerms { get; init; }

    /// <summary>
    /// Since when the library owes the application a notice whether the subject is enrolled; null if it owes none. After a reset that does
    /// not allow the password alone, it owes none, although the row still says "enrolled".
    /// </summary>
    public DateTimeOffset? NoticeOwedSince { get; init; }

    public required IReadOnlyList<AuthenticatorRecord> Authenticators { get; init; }

    public PendingEnrollment? PendingEnrollment { get; init; }

    /// <summary>The active set. A set without codes was used up, and waits to be replaced.</summary>
    public RecoveryCodeSet? RecoveryCodes { get; init; }

    /// <summary>Null if there is no active set.</summary>
    public PendingRecoveryCodes? PendingRecoveryCodes { get; init; }

    public required FactorThrottle TotpThrottle { get; init; }

    public required FactorThrottle RecoveryThrottle { get; init; }

    /// <summary>The devices whose tokens are accepted, the last used one last.</summary>
    [JsonConverter(typeof(KnownDevicesConverter))]
    public required IReadOnlyList<KnownDevice> KnownDevices { get; init; }

    /// <summary>The known devices on which no code is asked for; null if there are none.</summary>
    public IReadOnlyList<RememberedBrowser>? RememberedBrowsers { get; init; }

    /// <summary>The answer to the last accepted code or confirmed enrolment, for a retry of the same request.</summary>
    public RepeatableAnswer? RepeatableAnswer { get; init; }

    /// <summary>When the user has regained all regenerations of recovery codes; null if none was made.</summary>
    public DateTimeOffset? RegenerationsFullAt { get; init; }

    /// <summary>Fingerprints of the last attempts that succeeded, newest last.</summary>
    public required IReadOnlyList<byte[]> SpentAttempts { get; init; }

    /// <summary>The last audit events, newest last.</summary>
    /// <remarks>
    /// Required and init-only, because only then does the serializer read it with the reader of the whole document. The converter records
    /// positions of that reader.
    /// </remarks>
    public required EventHistory Events { get; init; }

    [JsonIgnore]
    public MfaSubject Subject => new(UserId, Tenant);

    [JsonIgnore]
    public bool IsEnabled => Authenticators.Count > 0;

    [JsonIgnore]
    public bool HasRecoveryCodes => RecoveryCodes is { Tags.Count: > 0 };

    /// <summary>Whether an authenticator is or ever was bound, or an administrator reset the user.</summary>
    [JsonIgnore]
    public bool WasEverBound => IsEnabled || EndedAt is not null;

    [JsonIgnore]
    public bool HasImportedAuthenticator => Authenticators.Any(a => a.IsImported);

    /// <summary>
    /// Changes with the authenticators and the sets of recovery codes, and with the security stamp. A failure, a lockout and a sign-in by
    /// an app's code do not change it.
    /// </summary>
    [JsonIgnore]
    public Guid BindingVersion
    {
        get
        {
            Guid?[] marks =
            [
                SecurityStamp, RecoveryCodes?.SetId, PendingRecoveryCodes?.Set.SetId, .. Authenticators.Select(a => (Guid?)a.Id),
            ];
            var bytes = marks.SelectMany(mark => (mark ?? Guid.Empty).ToByteArray()).ToArray();
            return new Guid(SHA256.HashData(bytes).AsSpan(0, RandomId.Size));
        }
    }

    public static MfaRecord Create(MfaSubject subject, Guid securityStamp) => new()
    {
        Format = CurrentFormat,
        UserId = subject.UserId,
        Tenant = subject.Tenant,
        SecurityStamp = securityStamp,
        Authenticators = [],
        TotpThrottle = FactorThrottle.Clean,
        RecoveryThrottle = FactorThrottle.Clean,
        KnownDevices = [],
        SpentAttempts = [],
        Events = EventHistory.Empty,
    };

    /// <summary>
    /// Prepares the record for a write: sets its time, and removes an answer that can no longer be repeated, and what is no longer
    /// remembered. A change that is undone later then still ends it.
    /// </summary>
    public MfaRecord Written(ClockRule clock, DateTimeOffset? last, DateTimeOffset now) => this with
    {
        WrittenAt = clock == ClockRule.Ignore || (clock != ClockRule.Repair && last > now) ? last : now,
        RepeatableAnswer = clock == ClockRule.Ignore || RepeatableAnswer?.IsOpen(now) == true ? RepeatableAnswer : null,
        RememberedBrowsers = this.StillRemembered(),
    };

    /// <summary>Replaces the set. A new set starts without the failures and the lockout of the old one.</summary>
    public MfaRecord WithNewSet(RecoveryCodeSet set) =>
        this with { RecoveryCodes = set, PendingRecoveryCodes = null, RecoveryThrottle = RecoveryThrottle.BindAgain() };

    /// <summary>Whether a proof still holds.</summary>
    /// <param name="id">The authenticator; for a recovery code, the set that was active after its use.</param>
    public bool Binds(Guid id) => id == RecoveryCodes?.SetId || Authenticators.Any(a => a.Id == id);

    /// <summary>Removes pending changes whose proof no longer holds: a thief may have the authenticator or the codes.</summary>
    public MfaRecord WithoutUnproved()
    {
        var endsEnrollment = PendingEnrollment?.Proof is { } proof && !Binds(proof.BoundTo);
        var endsCodes = PendingRecoveryCodes is { } pending && !Binds(pending.ProvedBy);
        return !endsEnrollment && !endsCodes ? this : this with
        {
            PendingEnrollment = endsEnrollment ? null : PendingEnrollment,
            PendingRecoveryCodes = endsCodes ? null : PendingRecoveryCodes,
        };
    }

    /// <summary>The regenerated set, if it can still be used.</summary>
    public PendingRecoveryCodes? PendingRecoveryCodesAt(DateTimeOffset now) =>
        PendingRecoveryCodes is { } pending && pending.IsOpen(now) ? pending : null;

    /// <summary>Removes authenticators, recovery codes and known devices. Throttle and history stay.</summary>
    public MfaRecord Ended(Guid newStamp, ResetTerms? reset, DateTimeOffset now) => this with
    {
        SecurityStamp = newStamp,
        ProtectedTokenKey = null,
        RepeatableAnswer = null,
        EndedAt = now,
        ResetTerms = reset,

        // A reset calls the callback only if it allows the password alone. Otherwise the row keeps "enrolled": if this record is lost, the
        // sign-in is refused.
        NoticeOwedSince = reset is { AllowsPasswordAlone: false } ? null : now,
        Authenticators = [],
        PendingEnrollment = null,
        RecoveryCodes = null,
        PendingRecoveryCodes = null,
        KnownDevices = [],
        RememberedBrowsers = null,
    };

    /// <summary>Lists a device, or renews its time. The device that was not used for longest makes room.</summary>
    public IReadOnlyList<KnownDevice> KnownDevicesWith(Guid id, DateTimeOffset now) =>
        [.. KnownDevices.Where(device => device.Id != id).TakeLast(MaximumKnownDevices - 1), new(id, now)];

    public MfaRecord WithProtectedSecret(Guid authenticatorId, byte[] protectedSecret) => this with
    {
        Authenticators = [.. Authenticators.Select(a => a.Id == authenticatorId ? a with { ProtectedSecret = protectedSecret } : a)],
    };

    public bool IsSpent(AttemptId attempt)
    {
        var fingerprint = attempt.Fingerprint();
        return SpentAttempts.Any(spent => spent.AsSpan().SequenceEqual(fingerprint));
    }

    /// <summary>Adds an attempt to the spent attempts, and removes the oldest if there are too many.</summary>
    public IReadOnlyList<byte[]> SpentAttemptsWith(AttemptId attempt) =>
        [.. SpentAttempts.Skip(SpentAttempts.Count - (MaximumSpentAttempts - 1)), attempt.Fingerprint()];

    public MfaRecord Log(MfaEvent happened)
    {
        // Callers without a proof can repeat these events as often as they like. Count them in one event each, so that they do not push
        // the history out.
        var index = happened.Kind switch
        {
            MfaEventKind.Refused => LastIndexOf(happened, IsRepeatable),
            MfaEventKind.EnrollmentStarted => LastIndexOf(happened, _ => false),
            MfaEventKind.AuthenticatorRenamed or MfaEventKind.RememberedBrowserAccepted => LastIndexOf(happened, IsRepeatable),
            _ => -1,
        };
        var events = index < 0
            ? Events.Add(happened)
            : Events.Replace(index, happened.WithRepeats(Events[index].Repeats + 1L, happened.At));
        return this with { Events = events };
    }

    /// <summary>Removes an event that was recorded before the code was checked.</summary>
    public MfaRecord Unlog(MfaEvent happened)
    {
        var index = LastIndexOf(happened, _ => true);
        if (index < 0)
        {
            return this;
        }

        var last = Events[index];
        var events = last.Repeats > 0
            ? Events.Replace(index, last.WithRepeats(last.Repeats - 1, last.At))
            : Events.RemoveAt(index);
        return this with { Events = events };
    }

    // Searches back from the newest event, and stops at the first event that the predicate does not allow.
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

    // A caller without a proof can cause these events, also one after the other.
    private static bool IsRepeatable(MfaEvent happened) =>
        happened.Kind is MfaEventKind.Refused or MfaEventKind.ThrottlingStarted or MfaEventKind.FactorLockedOut
            or MfaEventKind.AllowanceUsedUp or MfaEventKind.AuthenticatorRenamed or MfaEventKind.RememberedBrowserAccepted;
}
