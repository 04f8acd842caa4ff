using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Begins to bind an authenticator: creates a secret that cannot verify codes until it is confirmed. Replaces an earlier enrolment that is
/// not finished.
/// </summary>
internal sealed class BeginEnrollment(
    OperationContext context,
    MfaSubject subject,
    string accountName,
    MfaProof? proof,
    Guid? replaces,
    string? name,
    DateTimeOffset? signedInAt,
    string? issuer)
    : ChangeOperation<EnrollmentOffer>("begin_enrollment", context, subject)
{
    private const int MaximumNameLength = 64;

    private readonly AppLabel _label = new(accountName, issuer, context.Options);

    protected override async ValueTask<Decision<EnrollmentOffer>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var given = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        if (given.IsRefused)
        {
            return Decision.NoChange(new EnrollmentOffer(MfaChangeOutcome.ProofRefused, given.Verification));
        }

        cancellationToken = given.TokenFor(cancellationToken);
        using var secret = SharedSecret.Generate(Options.Parameters.Algorithm);
        PendingEnrollment? pending = null;
        var begun = await Context.Records.RunAsync(
            Subject,
            outcome => outcome,
            async (record, now, token) =>
            {
                var current = record ?? MfaRecord.Create(Subject, RandomId.CreateGuid());
                var proved = await given.CheckAsync(Context, current, now, token).ConfigureAwait(false);
                if (Refuse(current, replaces, proved, signedInAt, Options, now) is { } refusal)
                {
                    return Decision.Refuse(record, refusal, outcome => outcome);
                }

                pending ??= await PrepareAsync(secret, token).ConfigureAwait(false);
                pending = pending with { LabelNumber = AppLabel.FreeNumber(current) };
                return Decide(current, pending, proved, now);
            },
            cancellationToken).ConfigureAwait(false);
        return begun.WithResult(begun.Result == MfaChangeOutcome.Succeeded
            ? Offer(pending!, _label, secret, given.Verification)
            : new EnrollmentOffer(begun.Result, given.Verification));
    }

    /// <returns>The name without control characters, at most 64 characters; null if nothing is left.</returns>
    internal static string? CleanName(string? name) =>
        DisplayText.Clean(name ?? string.Empty, MaximumNameLength) is { Length: > 0 } cleaned ? cleaned : null;

    internal static EnrollmentOffer Offer(
        PendingEnrollment pending, AppLabel label, SharedSecret secret, VerificationResult? verification)
    {
        var uri = label.UriOf(pending, secret);
        return new EnrollmentOffer(MfaChangeOutcome.Succeeded, verification)
        {
            EnrollmentId = pending.EnrollmentId,
            ExpiresAt = pending.ExpiresAt,
            Uri = uri,
            CompatibilityWarnings = AuthenticatorApps.GetWarnings(uri),
        };
    }

    private async ValueTask<PendingEnrollment> PrepareAsync(SharedSecret secret, CancellationToken cancellationToken)
    {
        var (id, now, parameters) = (RandomId.CreateGuid(), Context.Now, Options.Parameters);
        return new PendingEnrollment
        {
            EnrollmentId = RandomId.CreateGuid(),
            AuthenticatorId = id,
            Name = CleanName(name),
            ProtectedSecret = await Context.Secrets.ProtectAsync(Subject, id, parameters, secret, cancellationToken).ConfigureAwait(false),
            Parameters = parameters,
            CreatedAt = now,
            ExpiresAt = now + Options.EnrollmentLifetime,
            TriesLeft = Options.EnrollmentTries,
            Replaces = replaces,
        };
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeOutcome> Decide(MfaRecord record, PendingEnrollment pending, Proof proof, DateTimeOffset now) =>
        Decision.SaveProved(
            MfaChangeOutcome.Succeeded,
            record with { PendingEnrollment = pending with { Proof = record.IsEnabled ? proof.StepUp : null } },
            proof.StepUp,
            new MfaEvent { At = now, Kind = MfaEventKind.EnrollmentStarted, AuthenticatorId = pending.AuthenticatorId });

    private static MfaChangeOutcome? Refuse(
        MfaRecord record, Guid? replaces, Proof proof, DateTimeOffset? signedInAt, MfaOptions options, DateTimeOffset now)
    {
        if (record.IsEnabled && proof.Refuse(record, options, now) is { } refusal)
        {
            return refusal;
        }

        if (!record.IsEnabled && !MayEnrollFirst(record, signedInAt, now))
        {
            return MfaChangeOutcome.SignInRequired;
        }

        if (replaces is { } replaced && record.Authenticators.All(a => a.Id != replaced))
        {
            return MfaChangeOutcome.NotFound;
        }

        // Confirming removes authenticators that must be bound again, so their number does not matter then.
        var isFull = replaces is null && record.Authenticators.Count >= options.MaximumAuthenticators;
        return isFull && !record.TotpThrottle.NeedsNewBinding ? MfaChangeOutcome.LimitReached : null;
    }

    /// <summary>
    /// The first authenticator needs only the user's session. After a disable or a reset, a thief's session may still run, so the session
    /// must be newer. A reset that does not allow the password alone lets the user enrol only within its period.
    /// </summary>
    private static bool MayEnrollFirst(MfaRecord record, DateTimeOffset? signedInAt, DateTimeOffset now) =>
        record.EndedAt is null
        || (signedInAt >= record.EndedAt && (record.ResetTerms is not { AllowsPasswordAlone: false } terms || terms.IsOpen(now)));
}
