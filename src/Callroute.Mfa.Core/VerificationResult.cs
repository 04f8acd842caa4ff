using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa;

/// <summary>Holds the answer to a code. It is told only after what it says is durable.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers tell no code.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class VerificationResult
{
    private bool _suspends;

    private VerificationResult()
    {
    }

    /// <summary>Whether the code was accepted, and so consumed.</summary>
    [MemberNotNullWhen(true, nameof(Receipt), nameof(Method))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool Succeeded => Reason is null;

    /// <summary>Why the code was refused, for logs; null when accepted.</summary>
    public RefusalReason? Reason { get; private init; }

    /// <summary>What to show.</summary>
    public UserMessage Display => Reason switch
    {
        null => UserMessage.None,
        RefusalReason.WrongCode when _suspends => UserMessage.UseAnotherWay,
        RefusalReason.WrongCode when RetryAfter is not null => UserMessage.WaitUntil,
        RefusalReason.Throttled or RefusalReason.Replayed or RefusalReason.ClockBehind => UserMessage.WaitUntil,
        RefusalReason.LockedOut => UserMessage.UseAnotherWay,
        RefusalReason.AttemptSpent => UserMessage.StartOver,
        RefusalReason.Busy or RefusalReason.Unavailable => UserMessage.TryLater,
        _ => UserMessage.TryAgain,
    };

    /// <summary>How long to wait before a code can be accepted, where that is known; else null.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The kind of code that was accepted; null when refused.</summary>
    public MfaMethod? Method { get; private init; }

    /// <summary>After a recovery: the codes that replace the used one, to be shown now. Else null.</summary>
    public IssuedRecoveryCodes? ReplacementRecoveryCodes { get; private init; }

    /// <summary>Proof of this verification for changes; null when refused.</summary>
    public MfaReceipt? Receipt { get; private init; }

    /// <summary>The authenticator whose code was accepted; empty for a recovery code.</summary>
    internal Guid AuthenticatorId { get; private init; }

    /// <summary>What failed, where the reason is <see cref="RefusalReason.Unavailable"/>: for the operator's log. Null where others kept changing the record.</summary>
    [JsonIgnore]
    public Exception? Cause { get; private init; }

    /// <summary>Tells the outcome.</summary>
    /// <returns>For example <c>Accepted (Totp)</c> or <c>Refused (WrongCode)</c>.</returns>
    public override string ToString() => Succeeded ? $"Accepted ({Method})" : $"Refused ({Reason})";

    /// <summary>Every swap was lost.</summary>
    internal static VerificationResult Contended { get; } = Refused(RefusalReason.Unavailable);

    internal static VerificationResult Accepted(Guid authenticatorId) => new() { Method = MfaMethod.Totp, AuthenticatorId = authenticatorId };

    internal static VerificationResult Recovered(IssuedRecoveryCodes? replacement) =>
        new() { Method = MfaMethod.RecoveryCode, ReplacementRecoveryCodes = replacement };

    /// <summary>An accepted result is told with a receipt; decisions cannot make one.</summary>
    internal VerificationResult WithReceipt(MfaReceipt receipt) =>
        new() { Method = Method, ReplacementRecoveryCodes = ReplacementRecoveryCodes, Receipt = receipt };

    /// <summary>A wrong code, with the wait or the suspension that it led to.</summary>
    internal static VerificationResult Wrong(ThrottleState charged, ThrottlePolicy policy, DateTimeOffset now)
    {
        var result = Refused(RefusalReason.WrongCode, charged.LockedOutAt is null ? charged.WaitAt(policy, now) : null);
        result._suspends = charged.LockedOutAt is not null;
        return result;
    }

    internal static VerificationResult Refused(RefusalReason reason, TimeSpan? retryAfter = null, Exception? cause = null) =>
        new() { Reason = reason, RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null, Cause = cause };
}
