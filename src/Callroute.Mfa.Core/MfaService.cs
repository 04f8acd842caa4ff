using Callroute.Mfa.Execution;
using Callroute.Mfa.Operations;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa;

/// <summary>Runs the whole life cycle of a user's MFA: enrol, verify, recover, change device, disable.</summary>
/// <remarks>
/// <para>Thread-safe. One instance serves an application, and any number of instances and machines may share a store.</para>
/// <para>
/// A method returns only after its result is durable. If the outcome of a write is unknown, the result is a refusal or an exception.
/// Every method that accepts a code consumes it.
/// </para>
/// <para>
/// No caller waits longer than <see cref="MfaOptions.CallTimeout"/>. Then the result is <c>Unavailable</c>, or a
/// <see cref="TimeoutException"/> where there is no such result, and the outcome is unknown: a write that has started runs to its end. Send
/// the same attempt or enrolment with the same code again. For 10 minutes it gets the answer that was missed. While such a call of a
/// subject still runs in this process, further calls of the subject get <c>Unavailable</c> at once, except an unlock, a reset, an erasure
/// and a sign-out.
/// </para>
/// <para>
/// Every text that a user types as a code leads to a typed result. Misuse throws an exception of the Argument family. If the store, the
/// protector or the hasher throws while a code is verified, at sign-in or as a proof, the result is
/// <see cref="RefusalReason.Unavailable"/>. <see cref="GetSignInRequirementAsync"/> returns
/// <see cref="SignInRequirement.Unavailable"/>, and <see cref="RotateKeysAsync"/> reports the exception. Other methods throw it.
/// </para>
/// </remarks>
public sealed class MfaService
{
    private readonly IMfaStore _store;
    private readonly OperationContext _context;

    /// <summary>Creates a service.</summary>
    /// <param name="store">Stores the records.</param>
    /// <param name="protector">Encrypts the secrets.</param>
    /// <param name="hasher">Hashes the recovery codes.</param>
    /// <param name="options">The settings. The service checks and copies them: changing them later has no effect.</param>
    /// <param name="timeProvider">The server's clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of its range; the message names every such setting.</exception>
    public MfaService(
        IMfaStore store, ISecretProtector protector, IRecoveryCodeHasher hasher, MfaOptions options, TimeProvider? timeProvider = null)
    {
        options = MfaOptionsCheck.CopyValid(Guard.NotNull(options));
        MfaTelemetry.Announce();
        var clock = timeProvider ?? TimeProvider.System;
        _store = Guard.NotNull(store);
        var records = new RecordTransaction(store, clock);
        _context = new OperationContext(
            records,
            new SecretProtection(Guard.NotNull(protector)),
            new RecoveryCodeIssuer(Guard.NotNull(hasher), options.Recovery),
            new EventDispatcher(options.OnEvent),
            new EnrolledNotice(records, options.OnEnrolledChanged),
            new CallBound(options.CallTimeout, clock),
            options,
            clock);
    }

    internal OperationContext Context => _context;

    /// <summary>Begins a sign-in attempt, after the first factor.</summary>
    /// <returns>128 random bits. Keep them in the half-signed-in session.</returns>
#pragma warning disable CA1822 // An instance member, so that users find it with the other steps of a sign-in.
    public AttemptId BeginAttempt() => AttemptId.Create();
#pragma warning restore CA1822

    /// <summary>Verifies a code, and consumes it if it is accepted.</summary>
    /// <param name="subject">The user who signs in.</param>
    /// <param name="response">
    /// The text that the user typed: a code of an authenticator app, or a whole recovery code. Any other text, and null, is
    /// <see cref="RefusalReason.Malformed"/>.
    /// </param>
    /// <param name="attempt">
    /// The attempt, from <see cref="BeginAttempt"/>. It is the same for every try of one sign-in, and new for each form of a step-up.
    /// </param>
    /// <param name="knownDevice">
    /// The token that <see cref="VerificationResult.RevealKnownDevice"/> returned on this device; null if it has none. With any other text,
    /// the device is unknown. The failures of known devices are counted separately, so a stranger does not lock them out before 100
    /// failures in a row. A token never replaces a code.
    /// </param>
    /// <param name="isStepUp">
    /// Whether the user is signed in already. At a sign-in, an accepted code gives back up to four failures of the same attempt in the last
    /// 10 minutes, which were typing errors. At a step-up it gives back nothing, because the thief of a session shares its attempts.
    /// </param>
    /// <param name="bindingVersion">
    /// <see cref="MfaStatus.BindingVersion"/> at the begin of the attempt. If the user has other authenticators or sets of recovery codes
    /// now, no code is checked: a sign-in that began before the owner changed a device cannot go on. The result is
    /// <see cref="RefusalReason.AttemptSpent"/>, or <see cref="RefusalReason.NotEnrolled"/> if MFA is disabled. A recovery code that is
    /// repeated in its attempt still gets its answer. Null to accept any.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result. A failure of the store, the protector or the hasher is <see cref="RefusalReason.Unavailable"/>: the code may be used up.
    /// </returns>
    /// <exception cref="ArgumentException">The subject or the attempt is the default value.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before anything was written.</exception>
    public ValueTask<VerificationResult> VerifyAsync(
        MfaSubject subject,
        string? response,
        AttemptId attempt,
        string? knownDevice = null,
        bool isStepUp = false,
        Guid? bindingVersion = null,
        CancellationToken cancellationToken = default) =>
        new VerifyCode(_context, subject, response, new CodeAttempt(Guard.Begun(attempt), knownDevice, !isStepUp, bindingVersion))
            .CallAsync(cancellationToken);

    /// <summary>
    /// Ends the time in which an answer with recovery codes can be repeated. Call it when the user signs out: whoever uses the browser
    /// afterwards cannot get the codes from the service again. The codes themselves stay valid. It works on a node with a wrong clock too.
    /// </summary>
    /// <param name="subject">The user.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>A task that completes when this is durable. If the store fails, end the session nevertheless.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    /// <exception cref="TimeoutException">Other requests kept changing the record.</exception>
    public async ValueTask EndRepeatableAnswersAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await new EndRepeatableAnswers(_context, subject).CallAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Decides what a sign-in needs after the first factor. A missing record never lets in a user who is enrolled, or who must have MFA.
    /// </summary>
    /// <param name="subject">The user who signs in.</param>
    /// <param name="policy">Whether the user must have MFA, from the application's own user row. Only the application writes it.</param>
    /// <param name="isEnrolled">
    /// Whether the user is enrolled, from the application's own user row. Only <see cref="MfaOptions.OnEnrolledChanged"/> writes it. This
    /// method calls it if the row is wrong, or if an earlier call failed.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The requirement; <see cref="SignInRequirement.Unavailable"/> if the store fails.</returns>
    /// <exception cref="ArgumentException">The subject or the policy is the default value, or <paramref name="isEnrolled"/> is
    /// null.</exception>
    /// <exception cref="InvalidOperationException"><see cref="MfaOptions.OnEnrolledChanged"/> is not set.</exception>
    public ValueTask<SignInRequirement> GetSignInRequirementAsync(
        MfaSubject subject, MfaPolicy policy, bool? isEnrolled, CancellationToken cancellationToken = default) =>
        new GetSignInRequirement(_context, subject, policy, isEnrolled).CallAsync(cancellationToken);

    /// <summary>
    /// Remembers the browser on which a code of an app has just been accepted, because the user asked for it. Its next sign-ins then need
    /// no code, for <see cref="MfaOptions.RememberBrowserLifetime"/>.
    /// </summary>
    /// <remarks>
    /// It ends with any change of authenticators or recovery codes, with a recovery, a disable, a reset or an erasure, and when the known
    /// device is revoked (<see cref="RevokeKnownDevicesAsync"/>) or makes room for another one.
    /// </remarks>
    /// <param name="subject">The user.</param>
    /// <param name="receipt">
    /// The receipt of the code. It must be younger than <see cref="MfaOptions.StepUpAge"/>. That of a recovery code is refused.
    /// </param>
    /// <param name="knownDevice">The token of the browser, as <see cref="VerificationResult.RevealKnownDevice"/> returned it.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// A token in Base64url for this browser; null if nothing is remembered: this is switched off, the receipt or the known device is
    /// refused, or the outcome is unknown. It is a bearer token: never log it. Keep it as the token of a known device, but apart from it.
    /// </returns>
    /// <exception cref="ArgumentException">The subject is the default value, or the receipt is null.</exception>
    public ValueTask<string?> RememberBrowserAsync(
        MfaSubject subject, MfaReceipt receipt, string? knownDevice, CancellationToken cancellationToken = default) =>
        new RememberBrowser(_context, subject, receipt, knownDevice).CallAsync(cancellationToken);

    /// <summary>
    /// Checks whether a remembered browser may sign in without a code. Call it after the password was right, and only if
    /// <see cref="GetSignInRequirementAsync"/> returned <see cref="SignInRequirement.Required"/>.
    /// </summary>
    /// <param name="subject">The user who signs in.</param>
    /// <param name="token">The token from <see cref="RememberBrowserAsync"/>. With any other text, and null, a code is needed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// When the code of an app was verified on this browser, in UTC. Null if a code is needed now: this is switched off, it has ended, the
    /// known devices are locked out, or the store or the protector fails. There is no receipt, so changes still need a code.
    /// </returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before anything was written.</exception>
    public ValueTask<DateTimeOffset?> VerifyRememberedBrowserAsync(
        MfaSubject subject, string? token, CancellationToken cancellationToken = default) =>
        new VerifyRememberedBrowser(_context, subject, token).CallAsync(cancellationToken);

    /// <summary>Reports the state of a subject's MFA.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status. Without a record, MFA is not enabled.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaStatus> GetStatusAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new GetStatus(_context, subject).CallAsync(cancellationToken);

    /// <summary>
    /// Begins to bind an authenticator: creates a secret that cannot verify codes until it is confirmed. Cancels an earlier enrolment that
    /// is not finished, if it succeeds. Call it without a proof only if <see cref="GetSignInRequirementAsync"/> returns
    /// <see cref="SignInRequirement.NotRequired"/> or <see cref="SignInRequirement.EnrollmentRequired"/> now. If the record is lost, only
    /// this check keeps the thief of a session from enrolling.
    /// </summary>
    /// <param name="subject">The user who enrols.</param>
    /// <param name="accountName">
    /// The account as the app shows it, such as an e-mail address. A colon becomes <c>_</c>, control and invisible characters are
    /// removed, and the first 100 characters are used. While another authenticator is bound, a number follows, such as <c> (2)</c>: some
    /// apps overwrite an entry with the same names.
    /// </param>
    /// <param name="proof">
    /// A code, or a recent receipt. Null for the first authenticator, which needs only the user's session.
    /// </param>
    /// <param name="replaces">The authenticator to replace. It works until the new one is confirmed. Null to add one.</param>
    /// <param name="name">
    /// The user's name for the authenticator. Control characters are removed, and the first 64 characters are used.
    /// </param>
    /// <param name="signedInAt">
    /// When the user's session began. Needed for the first authenticator after a disable or a reset: a thief's older session must not enrol
    /// before the owner. It is compared with the time of the disable or the reset, by the clock of the node that wrote it, so keep clocks
    /// synchronised. Null if unknown.
    /// </param>
    /// <param name="issuer">
    /// The application's name as the app shows it, for example one for each tenant. Cleaned as the account is. Null for
    /// <see cref="MfaOptions.Issuer"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or the reason why there is none.</returns>
    /// <exception cref="ArgumentException">
    /// The subject is the default value, or the account name or the issuer has no visible character.
    /// </exception>
    public ValueTask<EnrollmentOffer> BeginEnrollmentAsync(
        MfaSubject subject,
        string accountName,
        MfaProof? proof = null,
        Guid? replaces = null,
        string? name = null,
        DateTimeOffset? signedInAt = null,
        string? issuer = null,
        CancellationToken cancellationToken = default) =>
        new BeginEnrollment(_context, subject, accountName, proof, replaces, name, signedInAt, issuer).CallAsync(cancellationToken);

    /// <summary>Returns the offer of an unfinished enrolment again, so that the user can reload the page.</summary>
    /// <param name="subject">The user who enrols.</param>
    /// <param name="enrollmentId">The id from the offer, kept in the session.</param>
    /// <param name="accountName">As in <see cref="BeginEnrollmentAsync"/>.</param>
    /// <param name="issuer">As in <see cref="BeginEnrollmentAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The same offer; <see cref="MfaChangeOutcome.NotFound"/> or <see cref="MfaChangeOutcome.Expired"/> if the enrolment has ended;
    /// <see cref="MfaChangeOutcome.Unavailable"/> if the subject has no record.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The subject is the default value, or the account name or the issuer has no visible character.
    /// </exception>
    public ValueTask<EnrollmentOffer> ResumeEnrollmentAsync(
        MfaSubject subject,
        Guid enrollmentId,
        string accountName,
        string? issuer = null,
        CancellationToken cancellationToken = default) =>
        new ResumeEnrollment(_context, subject, enrollmentId, accountName, issuer).CallAsync(cancellationToken);

    /// <summary>
    /// Returns whether <see cref="ConfirmEnrollmentAsync"/> has succeeded for this enrolment and can give the same answer again. Ask it
    /// before you let a session that has not passed MFA send its confirmation again: unlike the confirmation, it never writes.
    /// </summary>
    /// <param name="subject">The user who enrolled.</param>
    /// <param name="enrollmentId">The id from the offer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True for 10 minutes, until a sign-out, a sign-in or a change.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<bool> IsConfirmedAsync(MfaSubject subject, Guid enrollmentId, CancellationToken cancellationToken = default) =>
        new IsConfirmed(_context, subject, enrollmentId).CallAsync(cancellationToken);

    /// <summary>Binds an authenticator by its first code, and consumes the code.</summary>
    /// <param name="subject">The user who enrols.</param>
    /// <param name="enrollmentId">The id from the offer.</param>
    /// <param name="code">The text that the user typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>
    /// The result, with a receipt, and with recovery codes if the subject had none. It has a device token if this is a first authenticator,
    /// or if it ended a lockout of known devices. If the response is lost, send the same code with the same id again: for 10 minutes the
    /// result is the same, but for the device token. This ends when the codes are acknowledged, when the user signs in or out, with any
    /// change, and when wrong codes have used up the tries.
    /// </returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> ConfirmEnrollmentAsync(
        MfaSubject subject, Guid enrollmentId, string? code, CancellationToken cancellationToken = default) =>
        new ConfirmEnrollment(_context, subject, enrollmentId, code).CallAsync(cancellationToken);

    /// <summary>
    /// Records that the user has saved a set of recovery codes. Call it when the user confirms this. The answer that contained the codes
    /// can then no longer be repeated, and a regenerated set replaces the older one.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="setId">The id of the issued set.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.NotFound"/> if the set is no longer there.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> AcknowledgeRecoveryCodesAsync(
        MfaSubject subject, Guid setId, CancellationToken cancellationToken = default) =>
        new AcknowledgeRecoveryCodes(_context, subject, setId).CallAsync(cancellationToken);

    /// <summary>
    /// Issues new recovery codes. The old ones work until the new ones are acknowledged or used, unless the pepper of the old ones is
    /// missing. New ones that are neither within 24 hours stop working, and so do those whose proof has been replaced. A user may do this 5
    /// times, and regains one of them every hour.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a recent receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result, with the codes if it succeeded.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    /// <exception cref="NotSupportedException">The hasher does not support the settings of the active set.</exception>
    public ValueTask<MfaChangeResult> RegenerateRecoveryCodesAsync(
        MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new RegenerateRecoveryCodes(_context, subject, proof).CallAsync(cancellationToken);

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="authenticatorId">The authenticator. The last one cannot be removed.</param>
    /// <param name="proof">A code, or a recent receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> RemoveAuthenticatorAsync(
        MfaSubject subject, Guid authenticatorId, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new RemoveAuthenticator(_context, subject, authenticatorId, proof).CallAsync(cancellationToken);

    /// <summary>
    /// Changes the user's name for an authenticator. It needs no proof, because a name opens nothing. Call it only for a session that has
    /// passed MFA: otherwise, whoever knows the password could give a phone the name of another.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="authenticatorId">The authenticator.</param>
    /// <param name="name">The new name, as in <see cref="BeginEnrollmentAsync"/>. Without a visible character, it has no name.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.NotFound"/> if there is no such authenticator.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> RenameAuthenticatorAsync(
        MfaSubject subject, Guid authenticatorId, string? name, CancellationToken cancellationToken = default) =>
        new RenameAuthenticator(_context, subject, authenticatorId, name).CallAsync(cancellationToken);

    /// <summary>
    /// Disables MFA at the user's request: removes authenticators, recovery codes and known devices. The throttle and the history stay.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="policy">
    /// As in <see cref="GetSignInRequirementAsync"/>. A user who must have MFA gets <see cref="MfaChangeOutcome.RequiredByPolicy"/>.
    /// </param>
    /// <param name="proof">A code, or a recent receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentException">The subject or the policy is the default value.</exception>
    public ValueTask<MfaChangeResult> DisableAsync(
        MfaSubject subject, MfaPolicy policy, MfaProof? proof, CancellationToken cancellationToken = default) =>
        new Disable(_context, subject, policy, proof).CallAsync(cancellationToken);

    /// <summary>Makes one known device unknown, or all of them.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a recent receipt. The thief of a session must not make the owner's own devices unknown.</param>
    /// <param name="deviceId">The device, from <see cref="MfaStatus.KnownDevices"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.NotFound"/> if the device is not known.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> RevokeKnownDevicesAsync(
        MfaSubject subject, MfaProof? proof, Guid? deviceId = null, CancellationToken cancellationToken = default) =>
        new RevokeKnownDevices(_context, subject, proof, deviceId).CallAsync(cancellationToken);

    /// <summary>
    /// Ends waits and lockouts as an administrator. Gives back nothing of a failure allowance, and does not help a factor that has failed
    /// 100 times in a row. Prove the user's identity by other means first: the caller may be the one who guesses.
    /// </summary>
    /// <remarks>
    /// It writes even if this node's clock is behind the record, and sets the time of the record to its own. Times that lie in the future
    /// then become as late as they can be. With a wrong clock this gives back allowance, so call it on a host whose clock is synchronised.
    /// </remarks>
    /// <param name="subject">The subject.</param>
    /// <param name="reason">As in <see cref="ResetAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.LockedOut"/> if a factor needs a new binding or a reset.</returns>
    /// <exception cref="ArgumentException">The subject is the default value, or the reason is empty.</exception>
    public ValueTask<MfaChangeResult> UnlockAsync(MfaSubject subject, string reason, CancellationToken cancellationToken = default) =>
        new Unlock(_context, subject, reason).CallAsync(cancellationToken);

    /// <summary>
    /// Resets MFA as an administrator: removes authenticators, recovery codes, known devices and throttle, and lets the user enrol at their
    /// next sign-in. The history stays, if the record can be read. It also works if the record is lost or cannot be read. Prove the user's
    /// identity by other means first.
    /// </summary>
    /// <remarks>
    /// It writes even if this node's clock is behind the record. A session that began before the reset may then seem to be newer, so call
    /// it on a host whose clock is synchronised.
    /// </remarks>
    /// <param name="subject">The subject.</param>
    /// <param name="reason">
    /// The reason, for the audit trail. Control characters are removed, and the first 200 characters are used. Do not put a secret into it.
    /// </param>
    /// <param name="enrollmentPeriod">
    /// How long the user may enrol: 1 min–7 days; null for 24 h. Later sign-ins are refused until a new reset, unless the password alone is
    /// allowed.
    /// </param>
    /// <param name="allowPasswordAlone">
    /// Whether the user may sign in without MFA until they enrol, even after the period. It has no effect while the application's row says
    /// that they must have MFA, or that they are enrolled. Such a reset calls <see cref="MfaOptions.OnEnrolledChanged"/> with false. Any
    /// other reset does not call it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentException">The subject is the default value, the reason is empty, or the period is out of its
    /// range.</exception>
    public ValueTask<MfaChangeResult> ResetAsync(
        MfaSubject subject,
        string reason,
        TimeSpan? enrollmentPeriod = null,
        bool allowPasswordAlone = false,
        CancellationToken cancellationToken = default) =>
        new Reset(_context, subject, reason, enrollmentPeriod, allowPasswordAlone).CallAsync(cancellationToken);

    /// <summary>Exports the data of a subject as JSON, for a user who asks for it. The export contains no secrets and no hashes.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Indented JSON; null if there is no record.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<string?> ExportAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new Export(_context, subject).CallAsync(cancellationToken);

    /// <summary>
    /// Deletes all data of a subject, including throttle and history. Call it when a user leaves. If
    /// <see cref="MfaOptions.OnEnrolledChanged"/> throws, the exception is passed on and nothing is deleted.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait, until a delete has started.</param>
    /// <returns>The result; <see cref="MfaChangeOutcome.NotEnrolled"/> if there is no record.</returns>
    /// <exception cref="ArgumentException">The subject is the default value.</exception>
    public ValueTask<MfaChangeResult> EraseAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new Erase(_context, subject).CallAsync(cancellationToken);

    /// <summary>
    /// Finishes a key rotation: re-encrypts with the active key what still uses an older key. Repeat it until no result has a failure.
    /// </summary>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>One result for each subject, as soon as it is done. Enumerate it to its end.</returns>
    /// <exception cref="NotSupportedException">The store cannot list its subjects.</exception>
    public IAsyncEnumerable<KeyRotationResult> RotateKeysAsync(CancellationToken cancellationToken = default) =>
        RotateKeys.OfAll(_context, _store, cancellationToken);

    /// <summary>
    /// Checks that the store answers, and that this node has the keys of the other nodes: decrypts a probe that any of them may have
    /// encrypted. Call it when the application starts and in health checks.
    /// </summary>
    /// <remarks>
    /// The first check writes the probe: the record of the user <c>key-check</c> of the tenant <c>callroute.mfa</c>, which scans of the
    /// store list too. A key rotation re-encrypts it. If the keys are lost for good, erase this record as well.
    /// </remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the check has passed.</returns>
    /// <exception cref="Secrets.SecretProtectionException">This node cannot decrypt what the node that wrote the probe has
    /// encrypted.</exception>
    /// <exception cref="TimeoutException">The store or the key service does not answer in time.</exception>
    public async ValueTask CheckKeysAsync(CancellationToken cancellationToken = default) =>
        await new CheckKeys(_context).CallAsync(cancellationToken).ConfigureAwait(false);
}
