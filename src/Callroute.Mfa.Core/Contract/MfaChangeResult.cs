using System.Buffers.Text;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa;

/// <summary>Contains the outcome of a change.</summary>
/// <remarks>Immutable and thread-safe. Serializers do not write codes.</remarks>
public sealed class MfaChangeResult : IChangeResult<MfaChangeResult>
{
    internal MfaChangeResult(
        MfaChangeOutcome outcome, VerificationResult? verification = null, IssuedRecoveryCodes? recoveryCodes = null) =>
        (Outcome, Verification, RecoveryCodes) = (outcome, verification, recoveryCodes);

    /// <summary>Whether the change is made and durable.</summary>
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>The outcome.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>
    /// The result of the code that was given as proof; null if no code was given. An accepted code is consumed even if the change did not
    /// succeed. Then try again with its receipt, and show its replacement recovery codes.
    /// </summary>
    public VerificationResult? Verification { get; }

    /// <summary>New recovery codes to show now; null if the change issues none.</summary>
    public IssuedRecoveryCodes? RecoveryCodes { get; }

    /// <summary>The authenticator that was bound; null if the change binds none.</summary>
    public Guid? AuthenticatorId { get; internal init; }

    /// <summary>When the enrolment was confirmed, in UTC; else null. A repeated result has the time of the first.</summary>
    public DateTimeOffset? ConfirmedAt { get; internal init; }

    /// <summary>The receipt of a confirmed enrolment, as proof for further changes; else null. A repeated result has one too.</summary>
    public MfaReceipt? Receipt { get; private set; }

    private byte[]? DeviceToken { get; set; }

    /// <summary>How many tries the enrolment has left; 0 if it has ended. Malformed input does not use a try.</summary>
    public int TriesLeft { get; internal init; }

    /// <summary>
    /// Returns the device token after a first authenticator was bound, or after a new one ended a lockout of known devices. Keep it as
    /// <see cref="VerificationResult.RevealKnownDevice"/> says. If the proof was a code, <see cref="Verification"/> has its device token.
    /// </summary>
    /// <returns>The token in Base64url; null after any other change.</returns>
    public string? RevealKnownDevice() => DeviceToken is null ? null : Base64Url.EncodeToString(DeviceToken);

    /// <summary>Adds the receipt and the device token. Rules have no side effects, so they cannot issue them.</summary>
    internal MfaChangeResult With(MfaReceipt receipt, byte[]? deviceToken)
    {
        var result = (MfaChangeResult)MemberwiseClone();
        (result.Receipt, result.DeviceToken) = (receipt, deviceToken);
        return result;
    }

    static MfaChangeResult IChangeResult<MfaChangeResult>.Of(MfaChangeOutcome outcome) => new(outcome);
}
