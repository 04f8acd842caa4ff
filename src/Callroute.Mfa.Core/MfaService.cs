using Callroute.Mfa.Execution;
using Callroute.Mfa.Operations;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa;

/// <summary>Runs the whole life of a user's MFA: enrol, verify, recover, change device, disable.</summary>
/// <remarks>
/// Thread-safe; one instance serves an application, and any number of instances and machines may share a store. Every
/// answer is durable before it is told; an outcome that is unknown is a refusal. There is no check that does not consume.
/// What a person can type gets a typed answer; misuse throws the Argument family. The exceptions of the store and of the
/// protector become <see cref="RefusalReason.Unavailable"/> where codes are verified, a code as proof included, and
/// surface from every other method.
/// </remarks>
public sealed class MfaService
{
    private readonly IMfaStore _store;
    private readonly OperationContext _context;

    /// <summary>Makes a service.</summary>
    /// <param name="store">Where records are kept.</param>
    /// <param name="protector">What encrypts secrets.</param>
    /// <param name="hasher">What hashes recovery codes.</param>
    /// <param name="options">The settings. The service checks and copies them: changing them later has no effect.</param>
    /// <param name="timeProvider">The server's clock; the system's where null.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of its range; the message names every such setting.</exception>
    public MfaService(IMfaStore store, ISecretProtector protector, IRecoveryCodeHasher hasher, MfaOptions options, TimeProvider? timeProvider = null)
    {
        options = MfaOptionsCheck.CopyValid(Guard.NotNull(options));
        var clock = timeProvider ?? TimeProvider.System;
        _store = Guard.NotNull(store);
        _context = new OperationContext(
            new RecordTransaction(store, clock),
            new SecretProtection(Guard.NotNull(protector)),
            new RecoveryCodeIssuer(Guard.NotNull(hasher), options.Recovery),
            new EventDispatcher(options.OnEvent),
            options,
            clock);
    }

    /// <summary>Begins a sign-in attempt, after the first factor.</summary>
    /// <returns>128 random bits to keep in the half-signed-in session.</returns>
#pragma warning disable CA1822 // An instance member, so that it is found where the other steps of a sign-in are.
    public AttemptId BeginAttempt() => AttemptId.Create();
#pragma warning restore CA1822

    /// <summary>Verifies and consumes a code.</summary>
    /// <param name="subject">Whose code it is.</param>
    /// <param name="response">What the person typed: a code of an app, or a whole recovery code. Anything else is <see cref="RefusalReason.Malformed"/>.</param>
    /// <param name="attempt">The attempt, from <see cref="BeginAttempt"/>; the same for every try of one sign-in.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The answer. Whatever fails on the way makes it a refusal.</returns>
    /// <exception cref="ArgumentException">The subject or the attempt is a default value.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before anything was written.</exception>
    public ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, string? response, AttemptId attempt, CancellationToken cancellationToken = default) =>
        new VerifyCode(_context, subject, response, attempt).RunAsync(cancellationToken);

    /// <summary>Tells whether a sign-in needs MFA after the first factor. A missing record never opens a door.</summary>
    /// <param name="subject">Who signs in.</param>
    /// <param name="requiredByHost">
    /// What the application's own user row says: set it when <see cref="ConfirmEnrollmentAsync"/> has confirmed, clear it
    /// after <see cref="DisableAsync"/> and <see cref="EraseAsync"/>. A user who must have MFA and never enrolled is not
    /// required yet: send them to enrol before anything else.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The requirement; <see cref="SignInRequirement.Unavailable"/> where the store fails.</returns>
    public ValueTask<SignInRequirement> GetSignInRequirementAsync(MfaSubject subject, bool requiredByHost, CancellationToken cancellationToken = default) =>
        new GetSignInRequirement(_context, subject, requiredByHost).RunAsync(cancellationToken);

    /// <summary>Tells what is known about a subject's MFA.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status; not enabled where there is no record.</returns>
    public ValueTask<MfaStatus> GetStatusAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new GetStatus(_context, subject).RunAsync(cancellationToken);

    /// <summary>Begins to bind an authenticator: makes a secret, which nothing verifies yet. An unfinished enrolment is replaced.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="accountName">The account as the app shows it, such as an e-mail address. A colon becomes <c>_</c>, control characters are dropped, 100 characters are kept.</param>
    /// <param name="proof">A code, or a young receipt. Null for the first authenticator, which needs only the user's normal session.</param>
    /// <param name="replaces">The authenticator to replace, which works until the new one is confirmed; null to add one.</param>
    /// <param name="name">What the user calls the authenticator; control characters are dropped and 64 characters kept.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or why there is none.</returns>
    /// <exception cref="ArgumentException">The subject is the default value, or the account has no visible character.</exception>
    public ValueTask<EnrollmentOffer> BeginEnrollmentAsync(MfaSubject subject, string accountName, MfaProof? proof = null, Guid? replaces = null, string? name = null, CancellationToken cancellationToken = default) =>
        new BeginEnrollment(_context, subject, accountName, proof, replaces, name).RunAsync(cancellationToken);

    /// <summary>Gives the offer of an unfinished enrolment again, so that a page refresh does not void what was scanned.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="enrollmentId">From the offer, kept in the session.</param>
    /// <param name="accountName">As in <see cref="BeginEnrollmentAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same offer; <see cref="MfaChangeOutcome.NotFound"/> or <see cref="MfaChangeOutcome.Expired"/> where it has ended.</returns>
    public ValueTask<EnrollmentOffer> ResumeEnrollmentAsync(MfaSubject subject, Guid enrollmentId, string accountName, CancellationToken cancellationToken = default) =>
        new ResumeEnrollment(_context, subject, enrollmentId, accountName).RunAsync(cancellationToken);

    /// <summary>Binds an authenticator by its first code, which is consumed.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="code">What the person typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result, with the first recovery codes where the subject had none. If that answer is lost, the authenticator works and <see cref="RegenerateRecoveryCodesAsync"/> makes new codes; the status says that none were acknowledged.</returns>
    public ValueTask<MfaChangeResult> ConfirmEnrollmentAsync(MfaSubject subject, Guid enrollmentId, string? code, CancellationToken cancellationToken = default) =>
        new ConfirmEnrollment(_context, subject, enrollmentId, code).RunAsync(cancellationToken);

    /// <summary>Notes that the user has saved a set of recovery codes: call it when they say so, as it ends the repeating of a lost answer. A regenerated set then replaces the older one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="setId">From the issued set.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotFound"/> where another set took its place.</returns>
    public ValueTask<MfaChangeResult> AcknowledgeRecoveryCodesAsync(MfaSubject subject, Guid setId, CancellationToken cancellationToken = default) =>
        new AcknowledgeRecoveryCodes(_context, subject, setId).RunAsync(cancellationToken);

    /// <summary>Makes new recovery codes. The old ones work until the new ones are acknowledged or used.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result, with the codes where it is done.</returns>
    /// <exception cref="NotSupportedException">The hasher does not support the settings of the active set.</exception>
    public ValueTask<MfaChangeResult> RegenerateRecoveryCodesAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new RegenerateRecoveryCodes(_context, subject, proof).RunAsync(cancellationToken);

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="authenticatorId">The authenticator; the last one cannot be removed.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public ValueTask<MfaChangeResult> RemoveAuthenticatorAsync(MfaSubject subject, Guid authenticatorId, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new RemoveAuthenticator(_context, subject, authenticatorId, proof).RunAsync(cancellationToken);

    /// <summary>Disables MFA at the user's wish: removes authenticators and recovery codes, keeps throttle and history.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public ValueTask<MfaChangeResult> DisableAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new Disable(_context, subject, proof).RunAsync(cancellationToken);

    /// <summary>Resets MFA as an administrator, after proving the user's identity by other means: removes authenticators, recovery codes and throttle, keeps the history.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="reason">Why, for the audit trail; control characters are dropped and 200 characters kept. No secrets.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotEnrolled"/> where there is no record.</returns>
    /// <exception cref="ArgumentException">The reason is empty.</exception>
    public ValueTask<MfaChangeResult> ResetAsync(MfaSubject subject, string reason, CancellationToken cancellationToken = default) =>
        new Reset(_context, subject, reason).RunAsync(cancellationToken);

    /// <summary>Writes what is known about a subject as JSON, for a user who asks for their data. No secrets and no hashes.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Indented JSON, or null where there is no record.</returns>
    public ValueTask<string?> ExportAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new Export(_context, subject).RunAsync(cancellationToken);

    /// <summary>Erases everything about a subject, throttle and history included: for a user who leaves.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait, until a delete has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotEnrolled"/> where there is no record.</returns>
    public ValueTask<MfaChangeResult> EraseAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new Erase(_context, subject).RunAsync(cancellationToken);

    /// <summary>Finishes a key rotation: encrypts under the active key whatever is still under an older one.</summary>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>One result a subject, as it is done, for progress and for failures. Enumerate it to its end.</returns>
    /// <exception cref="NotSupportedException">The store cannot list its subjects.</exception>
    public IAsyncEnumerable<KeyRotationResult> RotateKeysAsync(CancellationToken cancellationToken = default) =>
        RotateKeys.OfAll(_context, _store, cancellationToken);
}
