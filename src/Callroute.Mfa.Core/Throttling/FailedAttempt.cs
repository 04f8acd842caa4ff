using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Throttling;

/// <summary>The sign-in attempt of the last failure. A success of the same attempt gives its failures back.</summary>
internal sealed record FailedAttempt : ExtensibleDocument
{
    private const int MaximumRefund = 4;

    private static readonly TimeSpan RefundPeriod = TimeSpan.FromMinutes(10);

    public required byte[] Fingerprint { get; init; }

    public required DateTimeOffset FirstFailureAt { get; init; }

    public required int Failures { get; init; }

    /// <summary>Counts one more failure. Forgets the earlier attempt if this is another one.</summary>
    public static FailedAttempt Count(FailedAttempt? last, AttemptId attempt, DateTimeOffset now) =>
        last is not null && last.Is(attempt)
            ? last with { Failures = last.Failures + 1 }
            : new() { Fingerprint = attempt.Fingerprint(), FirstFailureAt = now, Failures = 1 };

    /// <summary>
    /// Removes one failure of <paramref name="refunded"/>. Returns <paramref name="before"/> if no failure is left, and this instance if it
    /// is another attempt.
    /// </summary>
    public FailedAttempt? Without(FailedAttempt refunded, FailedAttempt? before) =>
        !FixedTime.AreEqual(Fingerprint, refunded.Fingerprint) ? this
        : Failures > 1 ? this with { Failures = Failures - 1 }
        : before;

    /// <returns>How many failures a success of this attempt gives back.</returns>
    public int RefundFor(AttemptId attempt, DateTimeOffset now) =>
        Is(attempt) && (now - FirstFailureAt).Duration() <= RefundPeriod ? Math.Min(Failures, MaximumRefund) : 0;

    private bool Is(AttemptId attempt) => FixedTime.AreEqual(Fingerprint, attempt.Fingerprint());
}
