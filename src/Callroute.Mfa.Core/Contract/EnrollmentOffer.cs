using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa;

/// <summary>Contains the secret for an authenticator app, as a URI, or the reason why there is no offer.</summary>
/// <remarks>
/// Thread-safe, except for disposing. Dispose the offer after its URI is shown: this wipes the secret. Serializers do not write the secret.
/// </remarks>
public sealed class EnrollmentOffer : IChangeResult<EnrollmentOffer>, IDisposable
{
    internal EnrollmentOffer(MfaChangeOutcome outcome, VerificationResult? verification = null) =>
        (Outcome, Verification) = (outcome, verification);

    /// <summary>Whether there is an offer.</summary>
    [MemberNotNullWhen(true, nameof(Uri))]
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>The outcome.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>
    /// The id of the enrolment: 128 random bits. Keep it in the session for the confirmation. Empty if there is no offer.
    /// </summary>
    public Guid EnrollmentId { get; internal init; }

    /// <summary>When the enrolment ends, in UTC; the default value if there is no offer.</summary>
    public DateTimeOffset ExpiresAt { get; internal init; }

    /// <summary>The URI for a QR code, and for the key that the user types if scanning does not work; null if there is no offer.</summary>
    public ProvisioningUri? Uri { get; internal init; }

    /// <summary>Warnings about known apps that ignore some of the parameters; empty for the defaults.</summary>
    public IReadOnlyList<CompatibilityWarning> CompatibilityWarnings { get; internal init; } = [];

    /// <summary>
    /// The result of the code that was given as proof; null if no code was given. Show its replacement recovery codes, if there are any.
    /// </summary>
    public VerificationResult? Verification { get; }

    /// <summary>
    /// Zeroes the secret of the URI, which then cannot be revealed any more. Texts that were revealed stay. Calling it again does nothing.
    /// </summary>
    public void Dispose() => Uri?.Secret.Dispose();

    static EnrollmentOffer IChangeResult<EnrollmentOffer>.Of(MfaChangeOutcome outcome) => new(outcome);
}
