using Callroute.Mfa.Execution;
using Callroute.Mfa.Operations;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa;

/// <summary>Moves users from another system, so that their phones and recovery codes keep working.</summary>
/// <remarks>
/// A type of its own, for a program that an operator runs and for the sign-in during the move: no endpoint may take a secret from a
/// request. Thread-safe. Its methods wait and answer as those of <see cref="MfaService"/> do.
/// </remarks>
/// <param name="service">The service that the users are moved to.</param>
public sealed class MfaImport(MfaService service)
{
    private readonly OperationContext _context = Guard.NotNull(service).Context;

    /// <summary>Binds an authenticator that another system made, in one write. Codes that are on screens now are refused as used.</summary>
    /// <param name="subject">The user.</param>
    /// <param name="secret">
    /// The secret, 10–128 bytes; the method copies it. If it has fewer than 16, the event <c>AuthenticatorImported</c> says so.
    /// </param>
    /// <param name="parameters">
    /// The parameters of its codes: 6–8 digits, or 4–8 with <see cref="MfaOptions.AllowShortCodes"/>. <see cref="MfaOptions.Digits"/> and
    /// the other settings of new authenticators do not matter.
    /// </param>
    /// <param name="name">The user's name for it, cleaned as in <see cref="MfaService.BeginEnrollmentAsync"/>; null for none.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result. <see cref="MfaChangeOutcome.AlreadyImported"/> if this secret is bound already,
    /// <see cref="MfaChangeOutcome.AlreadyEnrolled"/> if anything else is or ever was bound, and
    /// <see cref="MfaChangeOutcome.NotImportable"/> if the secret is too short or the codes have too few digits. An enrolment that was not
    /// finished ends.
    /// </returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> ImportAuthenticatorAsync(
        MfaSubject subject,
        SharedSecret secret,
        TotpParameters parameters,
        string? name = null,
        CancellationToken cancellationToken = default) =>
        new ImportAuthenticator(_context, subject, Guard.NotNull(secret), Guard.NotNull(parameters), name).CallAsync(cancellationToken);

    /// <summary>
    /// Verifies a code at a sign-in. If nothing is or ever was bound, it imports the authenticator in the same write: the code is used up,
    /// or the failure is counted. If there is a record already, it does exactly what <see cref="MfaService.VerifyAsync"/> does, and ignores
    /// the secret.
    /// </summary>
    /// <param name="subject">The user who signs in.</param>
    /// <param name="secret">The secret that the other system has, as in <see cref="ImportAuthenticatorAsync"/>.</param>
    /// <param name="parameters">As in <see cref="ImportAuthenticatorAsync"/>.</param>
    /// <param name="name">As in <see cref="ImportAuthenticatorAsync"/>.</param>
    /// <param name="response">The text that the user typed. Only a code of an app imports.</param>
    /// <param name="attempt">The attempt, from <see cref="MfaService.BeginAttempt"/>.</param>
    /// <param name="knownDevice">As in <see cref="MfaService.VerifyAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result. A secret or parameters that <see cref="ImportAuthenticatorAsync"/> refuses are <see cref="RefusalReason.Unavailable"/>,
    /// with a <see cref="NotSupportedException"/> as cause.
    /// </returns>
    /// <exception cref="ArgumentException">The subject or the attempt is the default value.</exception>
    public ValueTask<VerificationResult> VerifyAndImportAsync(
        MfaSubject subject,
        SharedSecret secret,
        TotpParameters parameters,
        string? name,
        string? response,
        AttemptId attempt,
        string? knownDevice = null,
        CancellationToken cancellationToken = default)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        var code = new CodeAttempt(Guard.Begun(attempt), knownDevice, GivesBack: true, BindingVersion: null);
        return new VerifyCode(
            _context,
            subject,
            response,
            code,
            verify => new VerifyAndImport(_context, subject, verify, secret, parameters, name)).CallAsync(cancellationToken);
    }

    /// <summary>
    /// Imports the recovery codes of another system, after <see cref="ImportAuthenticatorAsync"/> or <see cref="VerifyAndImportAsync"/>.
    /// The user types them in their own form.
    /// </summary>
    /// <param name="subject">The user, who has an imported authenticator and never had recovery codes here.</param>
    /// <param name="codes">
    /// 1–16 unused codes, all different. Each has 6–64 letters A–Z and digits in any case; white space and hyphens do not count. The
    /// shortest must have 40 bits: its length, times 4 bits if all codes are hexadecimal, 4.7 if all are letters, 5.2 otherwise. Codes that
    /// are all digits, and any of 4–8 digits, are refused.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result. <see cref="MfaChangeOutcome.AlreadyImported"/> if an imported set exists, with these codes or others;
    /// <see cref="MfaChangeOutcome.AlreadyEnrolled"/> if the user has or had other codes, or no imported authenticator;
    /// <see cref="MfaChangeOutcome.NotImportable"/> if the codes are not as above.
    /// </returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> ImportRecoveryCodesAsync(
        MfaSubject subject, IReadOnlyCollection<string> codes, CancellationToken cancellationToken = default) =>
        new ImportRecoveryCodes(_context, subject, Guard.NotNull(codes)).CallAsync(cancellationToken);
}
