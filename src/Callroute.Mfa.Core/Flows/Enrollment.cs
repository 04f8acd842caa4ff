using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Flows;

/// <summary>Binds authenticators: begin, resume, confirm.</summary>
internal sealed class Enrollment(SwapLoop loop, SecretVault vault, ProofReader proofs, RecoveryCodeIssuer issuer, IRecoveryCodeHasher hasher, MfaOptions options)
{
    private const int MaximumNameLength = 64;

    // With the longest issuer, a hundred characters of any script still fit into a QR code.
    private const int MaximumAccountLength = 100;

    private static readonly Confirmation Contended = new(MfaChangeOutcome.Unavailable, 0);

    public async ValueTask<EnrollmentOffer> BeginAsync(MfaSubject subject, string accountName, EnrollmentBinding? binding, CancellationToken cancellationToken)
    {
        var account = AccountName(accountName);
        var proof = await proofs.ReadAsync(subject, binding?.Proof, cancellationToken).ConfigureAwait(false);
        if (proof.IsRefused)
        {
            return new EnrollmentOffer(MfaChangeOutcome.ProofRefused, proof.Verification);
        }

        cancellationToken = proof.TokenFor(cancellationToken);
        using var secret = SharedSecret.Generate(options.Parameters.Algorithm);
        var pending = await PendAsync(subject, secret, binding, cancellationToken).ConfigureAwait(false);
        var outcome = await loop.RunAsync(
            subject,
            MfaChangeOutcome.Unavailable,
            (record, now) => new(BeginEnrollment.Decide(record ?? MfaRecord.Create(subject, RandomId.CreateGuid()), pending, proof.StepUp, options, now)),
            cancellationToken).ConfigureAwait(false);
        return outcome == MfaChangeOutcome.Succeeded
            ? Offer(pending, account, secret, proof.Verification)
            : new EnrollmentOffer(outcome, proof.Verification);
    }

    public async ValueTask<EnrollmentOffer> ResumeAsync(MfaSubject subject, Guid enrollmentId, string accountName, CancellationToken cancellationToken)
    {
        var account = AccountName(accountName);
        var record = await loop.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        var (pending, refusal) = ConfirmEnrollment.Find(record, enrollmentId, loop.Now);
        if (pending is null)
        {
            return new EnrollmentOffer(refusal);
        }

        using var secret = await OpenAsync(subject, pending, cancellationToken).ConfigureAwait(false);
        return Offer(pending, account, secret, null);
    }

    public async ValueTask<EnrollmentResult> ConfirmAsync(MfaSubject subject, Guid enrollmentId, string? code, CancellationToken cancellationToken)
    {
        var record = await loop.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        var (pending, refusal) = ConfirmEnrollment.Find(record, enrollmentId, loop.Now);
        if (pending is null)
        {
            return new EnrollmentResult(refusal);
        }

        if (CodeInput.DigitsOf(code) != pending.Parameters.Digits)
        {
            return new EnrollmentResult(MfaChangeOutcome.WrongCode, pending.TriesLeft);
        }

        var decision = record!.RecoveryCodes is null
            ? await ConfirmUnderPermitAsync(subject, pending, code!, cancellationToken).ConfigureAwait(false)
            : await ConfirmAsync(subject, enrollmentId, code!, null, cancellationToken).ConfigureAwait(false);
        var confirmation = await loop.TellAsync(subject, decision).ConfigureAwait(false);
        return new EnrollmentResult(confirmation.Outcome, confirmation.TriesLeft, confirmation.AuthenticatorId, confirmation.Issued);
    }

    // The permit ends before anybody is told: an event handler that is slow must not hold it.
    private async ValueTask<Decision<Confirmation>> ConfirmUnderPermitAsync(MfaSubject subject, PendingEnrollment pending, string code, CancellationToken cancellationToken)
    {
        using var permit = await hasher.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        return permit is null
            ? Decision.Keep(new Confirmation(MfaChangeOutcome.Busy, pending.TriesLeft))
            : await ConfirmAsync(subject, pending.EnrollmentId, code, permit, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Decision<Confirmation>> ConfirmAsync(MfaSubject subject, Guid enrollmentId, string code, IRecoveryHashPermit? permit, CancellationToken cancellationToken)
    {
        PreparedRecoveryCodes? prepared = null;
        return loop.DecideAsync(
            subject,
            Contended,
            async (record, now) =>
            {
                var (pending, refusal) = ConfirmEnrollment.Find(record, enrollmentId, now);
                if (pending is null)
                {
                    return Decision.Keep(new Confirmation(refusal, 0));
                }

                var match = await MatchAsync(subject, pending, code, now, cancellationToken).ConfigureAwait(false);
                var needsCodes = match is not null && record!.RecoveryCodes is null;
                if (needsCodes && permit is null)
                {
                    // The codes went away since the permit was thought needless: the caller asks again.
                    return Decision.Keep(Contended);
                }

                prepared ??= needsCodes ? await issuer.PrepareAsync(permit!, now).ConfigureAwait(false) : null;
                return ConfirmEnrollment.Decide(record!, pending, match, prepared, now);
            },
            cancellationToken);
    }

    private async ValueTask<TotpMatch?> MatchAsync(MfaSubject subject, PendingEnrollment pending, string code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var secret = await OpenAsync(subject, pending, cancellationToken).ConfigureAwait(false);
        return Totp.Verify(secret, pending.Parameters, code, now, options.Window, options.UseVectorizedHmac);
    }

    private async ValueTask<PendingEnrollment> PendAsync(MfaSubject subject, SharedSecret secret, EnrollmentBinding? binding, CancellationToken cancellationToken)
    {
        var (id, now) = (RandomId.CreateGuid(), loop.Now);
        return new PendingEnrollment
        {
            EnrollmentId = RandomId.CreateGuid(),
            AuthenticatorId = id,
            Name = DisplayText.Clean(binding?.Name ?? string.Empty, MaximumNameLength) is { Length: > 0 } name ? name : null,
            ProtectedSecret = await vault.ProtectAsync(subject, id, options.Parameters, secret, cancellationToken).ConfigureAwait(false),
            Parameters = options.Parameters,
            CreatedAt = now,
            ExpiresAt = now + options.EnrollmentLifetime,
            TriesLeft = options.EnrollmentTries,
            Replaces = binding?.Replaces,
        };
    }

    private EnrollmentOffer Offer(PendingEnrollment pending, string accountName, SharedSecret secret, VerificationResult? verification)
    {
        var uri = ProvisioningUri.ForTotp(options.Issuer, accountName, secret, pending.Parameters);
        return new EnrollmentOffer(MfaChangeOutcome.Succeeded, verification)
        {
            EnrollmentId = pending.EnrollmentId,
            ExpiresAt = pending.ExpiresAt,
            Uri = uri,
            ManualEntryKey = new ManualEntryKey(secret),
            CompatibilityWarnings = AuthenticatorApps.GetWarnings(uri),
        };
    }

    private ValueTask<SharedSecret> OpenAsync(MfaSubject subject, PendingEnrollment pending, CancellationToken cancellationToken) =>
        vault.OpenAsync(subject, pending.AuthenticatorId, pending.Parameters, pending.ProtectedSecret, cancellationToken);

    // The account is often a name that a person chose: what the format cannot carry is replaced, not thrown.
    private static string AccountName(string accountName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accountName);
        var cleaned = DisplayText.Clean(accountName.Replace(':', '_'), MaximumAccountLength);
        return cleaned.Length > 0 ? cleaned : throw new ArgumentException("Must hold a visible character.", nameof(accountName));
    }
}
