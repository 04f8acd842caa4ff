using System.Text.Json.Serialization;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>An authenticator that waits for its first code. It never verifies a sign-in.</summary>
internal sealed record PendingEnrollment : ExtensibleDocument
{
    public required Guid EnrollmentId { get; init; }

    public required Guid AuthenticatorId { get; init; }

    public string? Name { get; init; }

    public required byte[] ProtectedSecret { get; init; }

    public required TotpParameters Parameters { get; init; }

    /// <summary>The number behind the account, as the app shows it: 2 or more; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LabelNumber { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required int TriesLeft { get; init; }

    /// <summary>The authenticator to remove on confirmation; null if the new one replaces none.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>The proof that began this enrolment; null if none was needed. The confirmation checks it again.</summary>
    public StepUp? Proof { get; init; }

    /// <summary>Whether the factor that proved it is locked out by now, on the devices that the proof came from.</summary>
    public bool IsProofLockedOut(MfaRecord record, MfaOptions options, DateTimeOffset now) =>
        Proof is not null && record.IsLockedOut(Proof.Method, Proof.Devices, options, now);

    /// <returns>The enrolment with this id, or the reason why there is none.</returns>
    public static (PendingEnrollment? Pending, MfaChangeOutcome Refusal) Find(MfaRecord? record, Guid enrollmentId, DateTimeOffset now)
    {
        if (record?.PendingEnrollment is not { } pending || pending.EnrollmentId != enrollmentId)
        {
            return (null, MfaChangeOutcome.NotFound);
        }

        return pending.IsOpen(now) ? (pending, default) : (null, MfaChangeOutcome.Expired);
    }

    // If the clock was set back, an enrolment must still not last longer than its lifetime.
    public bool IsOpen(DateTimeOffset now) => now < ExpiresAt && CreatedAt - now < ExpiresAt - CreatedAt && TriesLeft > 0;
}
