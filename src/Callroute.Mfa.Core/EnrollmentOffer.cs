using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa;

/// <summary>Holds what a person needs to add the account to an authenticator app, or why there is nothing to offer.</summary>
/// <remarks>Immutable and thread-safe. Serializers tell no secret.</remarks>
public sealed class EnrollmentOffer
{
    internal EnrollmentOffer(MfaChangeOutcome outcome, VerificationResult? verification = null) => (Outcome, Verification) = (outcome, verification);

    /// <summary>Whether there is an offer.</summary>
    [MemberNotNullWhen(true, nameof(Uri), nameof(ManualEntryKey))]
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>How beginning ended.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>Names the enrolment: 128 random bits. Keep it in the session that confirms. Empty without an offer.</summary>
    public Guid EnrollmentId { get; internal init; }

    /// <summary>When the enrolment ends, in UTC; the default value without an offer.</summary>
    public DateTimeOffset ExpiresAt { get; internal init; }

    /// <summary>The URI for a QR code; null without an offer.</summary>
    public ProvisioningUri? Uri { get; internal init; }

    /// <summary>The key to type where scanning does not work; null without an offer.</summary>
    public ManualEntryKey? ManualEntryKey { get; internal init; }

    /// <summary>What known apps will not do as the parameters say; empty for the defaults.</summary>
    public IReadOnlyList<CompatibilityWarning> CompatibilityWarnings { get; internal init; } = [];

    /// <summary>The answer to a code that was the proof, with any replacement recovery codes to show; null without one.</summary>
    public VerificationResult? Verification { get; }
}
