using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa;

/// <summary>Contains the result of verifying a code. It is returned only after it is durable.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers do not write codes.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class VerificationResult
{
    private bool _locksOut;

    private VerificationResult()
    {
    }

    /// <summary>Whether the code was accepted and consumed.</summary>
    [MemberNotNullWhen(true, nameof(Receipt), nameof(Method))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool Succeeded => Reason is null;

    /// <summary>Why the code was refused, for logs; null when accepted.</summary>
    public RefusalReason? Reason { get; private init; }

    /// <summary>The message to show to the user.</summary>
    public UserMessage UserMessage => Reason switch
    {
        null => UserMessage.None,
        RefusalReason.WrongCode when _locksOut => UserMessage.UseAnotherWay,
        RefusalReason.WrongCode when RetryAfter is not null => UserMessage.WaitUntil,
        RefusalReason.ClockBehind when RetryAfter is null => UserMessage.TryLater,
        RefusalReason.Throttled or RefusalReason.Replayed or RefusalReason.ClockBehind => UserMessage.WaitUntil,
        RefusalReason.LockedOut => UserMessage.UseAnotherWay,
        RefusalReason.AttemptSpent => UserMessage.StartOver,
        RefusalReason.Busy or RefusalReason.Unavailable => UserMessage.TryLater,
        _ => UserMessage.TryAgain,
    };

    /// <summary>The wait before a code can be accepted, if it is known; else null.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The kind of code that was accepted; null when refused.</summary>
    public MfaMethod? Method { get; private init; }

    /// <summary>The codes that replace a used recovery code, to show now; null if there are none.</summary>
    public IssuedRecoveryCodes? ReplacementRecoveryCodes { get; private init; }

    /// <summary>The receipt of this verification, as proof for changes; null when refused.</summary>
    public MfaReceipt? Receipt { get; private set; }

    /// <summary>When the code was accepted, in UTC; null when refused. A repeated result has the time of the first.</summary>
    public DateTimeOffset? VerifiedAt { get; private set; }

    private byte[]? DeviceToken { get; set; }

    /// <summary>The authenticator whose code was accepted; empty for a recovery code.</summary>
    internal Guid AuthenticatorId { get; private init; }

    /// <summary>
    /// The exception behind <see cref="RefusalReason.Unavailable"/>, for the operator's log; null if other requests kept changing the
    /// record.
    /// </summary>
    [JsonIgnore]
    public Exception? Cause { get; private init; }

    /// <summary>Returns the token of the device on which the code was accepted, to present at its next sign-in.</summary>
    /// <remarks>
    /// Keep it on that device, apart for each user, for <see cref="MfaOptions.KnownDeviceLifetime"/>: in a browser, in a cookie that is
    /// <c>Secure</c>, <c>HttpOnly</c> and <c>SameSite=Lax</c>. It is a bearer token: never log it. It replaces the token that the device
    /// presented. The old token stays valid until its own lifetime is over.
    /// </remarks>
    /// <returns>The token in Base64url; null if the code was refused, and if the result repeats an earlier one.</returns>
    public string? RevealKnownDevice() => DeviceToken is null ? null : Base64Url.EncodeToString(DeviceToken);

    /// <summary>Returns the outcome.</summary>
    /// <returns>For example <c>Succeeded (Totp)</c> or <c>Refused (WrongCode)</c>.</returns>
    public override string ToString() => Succeeded ? $"Succeeded ({Method})" : $"Refused ({Reason})";

    /// <summary>The result if a transaction wrote nothing.</summary>
    internal static VerificationResult NotWritten(MfaChangeOutcome outcome) =>
        Refused(outcome == MfaChangeOutcome.ClockBehind ? RefusalReason.ClockBehind : RefusalReason.Unavailable);

    internal static VerificationResult Accepted(Guid authenticatorId) =>
        new() { Method = MfaMethod.Totp, AuthenticatorId = authenticatorId };

    internal static VerificationResult Recovered(IssuedRecoveryCodes? replacement) =>
        new() { Method = MfaMethod.RecoveryCode, ReplacementRecoveryCodes = replacement };

    /// <summary>Adds the receipt and the device token. Rules have no side effects, so they cannot issue them.</summary>
    internal VerificationResult With(DateTimeOffset verifiedAt, MfaReceipt receipt, byte[]? deviceToken)
    {
        var result = (VerificationResult)MemberwiseClone();
        (result.VerifiedAt, result.Receipt, result.DeviceToken) = (verifiedAt, receipt, deviceToken);
        return result;
    }

    /// <summary>The result for a wrong code, with the wait or the lockout that it caused.</summary>
    internal static VerificationResult Wrong(FactorThrottle failed, DeviceGroup devices, ThrottleOptions policy, DateTimeOffset now)
    {
        var result = Refused(RefusalReason.WrongCode, failed.WaitAt(devices, policy, now));
        result._locksOut = failed.IsLockedOut(devices, policy, now);
        return result;
    }

    internal static VerificationResult Refused(RefusalReason reason, TimeSpan? retryAfter = null, Exception? cause = null) =>
        new() { Reason = reason, RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null, Cause = cause };
}
