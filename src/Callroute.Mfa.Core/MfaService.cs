using Callroute.Mfa.Flows;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

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
    private readonly MfaOptions _options;
    private readonly SwapLoop _loop;
    private readonly SignIn _signIn;
    private readonly Enrollment _enrollment;
    private readonly Changes _changes;
    private readonly KeyRotation _rotation;

    /// <summary>Makes a service.</summary>
    /// <param name="store">Where records are kept.</param>
    /// <param name="protector">What encrypts secrets.</param>
    /// <param name="hasher">What hashes recovery codes.</param>
    /// <param name="options">The settings.</param>
    /// <param name="timeProvider">The server's clock; the system's where null.</param>
    /// <exception cref="ArgumentException">
    /// New authenticators have fewer than 6 digits without <see cref="MfaOptions.AllowShortCodes"/>, or the longest wait of a throttle is shorter than its first.
    /// </exception>
    public MfaService(IMfaStore store, ISecretProtector protector, IRecoveryCodeHasher hasher, MfaOptions options, TimeProvider? timeProvider = null)
    {
        _store = Guard.NotNull(store);
        _options = Guard.NotNull(options);
        var clock = timeProvider ?? TimeProvider.System;
        Check(options);
        var vault = new SecretVault(Guard.NotNull(protector));
        var issuer = new RecoveryCodeIssuer(Guard.NotNull(hasher), options.Recovery);
        _loop = new SwapLoop(store, new EventRaiser(options.OnEvent), clock);
        _signIn = new SignIn(_loop, vault, new RecoverySignIn(_loop, vault, issuer, hasher, options), options, clock);
        var proofs = new ProofReader(_signIn, vault);
        _enrollment = new Enrollment(_loop, vault, proofs, issuer, hasher, options);
        _changes = new Changes(_loop, proofs, issuer, hasher, options);
        _rotation = new KeyRotation(_loop, vault);
    }

    private static void Check(MfaOptions options)
    {
        if (options.Parameters.Digits < 6 && !options.AllowShortCodes)
        {
            throw new ArgumentException($"{nameof(MfaOptions.Parameters)}.{nameof(options.Parameters.Digits)} must be 6–8, or {nameof(MfaOptions.AllowShortCodes)} be set.", nameof(options));
        }

        CheckWaits(options.TotpThrottle, nameof(MfaOptions.TotpThrottle));
        CheckWaits(options.RecoveryThrottle, nameof(MfaOptions.RecoveryThrottle));

        static void CheckWaits(ThrottlePolicy policy, string name)
        {
            if (policy.MaximumWait < policy.FirstWait)
            {
                throw new ArgumentException($"{name}.{nameof(policy.MaximumWait)} must be at least {nameof(policy.FirstWait)}, {policy.FirstWait}.", nameof(options));
            }
        }
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
    public ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, string? response, AttemptId attempt, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return _signIn.VerifyAsync(subject, response, Guard.Begun(attempt), cancellationToken);
    }

    /// <summary>Tells whether a sign-in needs MFA after the first factor. A missing record never opens a door.</summary>
    /// <param name="subject">Who signs in.</param>
    /// <param name="requiredByHost">
    /// What the application's own user row says: set it when <see cref="ConfirmEnrollmentAsync"/> has confirmed, clear it
    /// after <see cref="DisableAsync"/> and <see cref="EraseAsync"/>. A user who must have MFA and never enrolled is not
    /// required yet: send them to enrol before anything else.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The requirement; <see cref="SignInRequirement.Unavailable"/> where the store fails.</returns>
    public async ValueTask<SignInRequirement> GetSignInRequirementAsync(MfaSubject subject, bool requiredByHost, CancellationToken cancellationToken = default)
    {
        Check(subject);
        using var activity = MfaTelemetry.Activities.StartActivity("mfa.requirement");
        try
        {
            var record = await _loop.FindAsync(subject, cancellationToken).ConfigureAwait(false);
            return record switch
            {
                { IsEnabled: true } => SignInRequirement.Required,
                { UnboundAt: not null } when requiredByHost => SignInRequirement.EnrollmentRequired,
                _ => requiredByHost ? SignInRequirement.Unavailable : SignInRequirement.NotRequired,
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MfaTelemetry.Fail(activity, exception);
            return SignInRequirement.Unavailable;
        }
    }

    /// <summary>Tells what is known about a subject's MFA.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status; not enabled where there is no record.</returns>
    public async ValueTask<MfaStatus> GetStatusAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return Reports.Status(await _loop.FindAsync(subject, cancellationToken).ConfigureAwait(false), _options, _loop.Now);
    }

    /// <summary>Begins to bind an authenticator: makes a secret, which nothing verifies yet. An unfinished enrolment is replaced.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="accountName">The account as the app shows it, such as an e-mail address. A colon becomes <c>_</c>, control characters are dropped, 100 characters are kept.</param>
    /// <param name="binding">Proof, and whether to add or replace; null for the first authenticator.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The offer, or why there is none.</returns>
    /// <exception cref="ArgumentException">The subject is the default value, or the account has no visible character.</exception>
    public ValueTask<EnrollmentOffer> BeginEnrollmentAsync(MfaSubject subject, string accountName, EnrollmentBinding? binding = null, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("begin_enrollment", () => _enrollment.BeginAsync(subject, accountName, binding, cancellationToken), offer => offer.Outcome);
    }

    /// <summary>Gives the offer of an unfinished enrolment again, so that a page refresh does not void what was scanned.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="enrollmentId">From the offer, kept in the session.</param>
    /// <param name="accountName">As in <see cref="BeginEnrollmentAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same offer; <see cref="MfaChangeOutcome.NotFound"/> or <see cref="MfaChangeOutcome.Expired"/> where it has ended.</returns>
    public ValueTask<EnrollmentOffer> ResumeEnrollmentAsync(MfaSubject subject, Guid enrollmentId, string accountName, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return _enrollment.ResumeAsync(subject, enrollmentId, accountName, cancellationToken);
    }

    /// <summary>Binds an authenticator by its first code, which is consumed.</summary>
    /// <param name="subject">Whose authenticator it will be.</param>
    /// <param name="enrollmentId">From the offer.</param>
    /// <param name="code">What the person typed.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result, with the first recovery codes where the subject had none. If that answer is lost, the authenticator works and <see cref="RegenerateRecoveryCodesAsync"/> makes new codes; the status says that none were acknowledged.</returns>
    public ValueTask<EnrollmentResult> ConfirmEnrollmentAsync(MfaSubject subject, Guid enrollmentId, string? code, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("confirm_enrollment", () => _enrollment.ConfirmAsync(subject, enrollmentId, code, cancellationToken), result => result.Outcome);
    }

    /// <summary>Notes that the user has saved a set of recovery codes: call it when they say so, as it ends the repeating of a lost answer. A regenerated set then replaces the older one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="generation">From the issued set.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotFound"/> where another set took its place.</returns>
    public ValueTask<MfaChangeResult> AcknowledgeRecoveryCodesAsync(MfaSubject subject, Guid generation, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("acknowledge_recovery_codes", () => _changes.AcknowledgeAsync(subject, generation, cancellationToken), result => result.Outcome);
    }

    /// <summary>Makes new recovery codes. The old ones work until the new ones are acknowledged or used.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result, with the codes where it is done.</returns>
    public ValueTask<MfaChangeResult> RegenerateRecoveryCodesAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("regenerate_recovery_codes", () => _changes.RegenerateAsync(subject, proof, cancellationToken), result => result.Outcome);
    }

    /// <summary>Removes one of several authenticators.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="authenticatorId">The authenticator; the last one cannot be removed.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public ValueTask<MfaChangeResult> RemoveAuthenticatorAsync(MfaSubject subject, Guid authenticatorId, MfaProof? proof, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("remove_authenticator", () => _changes.RemoveAuthenticatorAsync(subject, authenticatorId, proof, cancellationToken), result => result.Outcome);
    }

    /// <summary>Disables MFA at the user's wish: removes authenticators and recovery codes, keeps throttle and history.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="proof">A code, or a young receipt.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>The result.</returns>
    public ValueTask<MfaChangeResult> DisableAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("disable", () => _changes.DisableAsync(subject, proof, cancellationToken), result => result.Outcome);
    }

    /// <summary>Resets MFA as an administrator, after proving the user's identity by other means: removes authenticators, recovery codes and throttle, keeps the history.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="reason">Why, for the audit trail; control characters are dropped and 200 characters kept. No secrets.</param>
    /// <param name="cancellationToken">Ends the wait, until a write has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotEnrolled"/> where there is no record.</returns>
    /// <exception cref="ArgumentException">The reason is empty.</exception>
    public ValueTask<MfaChangeResult> ResetAsync(MfaSubject subject, string reason, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("reset", () => _changes.ResetAsync(subject, reason, cancellationToken), result => result.Outcome);
    }

    /// <summary>Writes what is known about a subject as JSON, for a user who asks for their data. No secrets and no hashes.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Indented JSON, or null where there is no record.</returns>
    public async ValueTask<string?> ExportAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        Check(subject);
        var record = await _loop.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        return record is null ? null : Reports.Export(subject, Reports.Status(record, _options, _loop.Now));
    }

    /// <summary>Erases everything about a subject, throttle and history included: for a user who leaves.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait, until a delete has started.</param>
    /// <returns>Done; <see cref="MfaChangeOutcome.NotEnrolled"/> where there is no record.</returns>
    public ValueTask<MfaChangeResult> EraseAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        Check(subject);
        return CountAsync("erase", () => _changes.EraseAsync(subject, cancellationToken), result => result.Outcome);
    }

    /// <summary>Finishes a key rotation: encrypts under the active key whatever is still under an older one.</summary>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>One result a subject, as it is done, for progress and for failures. Enumerate it to its end.</returns>
    /// <exception cref="NotSupportedException">The store cannot list its subjects.</exception>
    public IAsyncEnumerable<KeyRotationResult> RotateKeysAsync(CancellationToken cancellationToken = default) =>
        _store is IMfaStoreScan scan
            ? _rotation.RotateKeysAsync(scan, cancellationToken)
            : throw new NotSupportedException($"The store does not implement {nameof(IMfaStoreScan)}.");

    private static async ValueTask<T> CountAsync<T>(string operation, Func<ValueTask<T>> change, Func<T, MfaChangeOutcome> outcomeOf)
    {
        using var activity = MfaTelemetry.Activities.StartActivity($"mfa.{operation}");
        var result = await change().ConfigureAwait(false);
        var outcome = outcomeOf(result).ToString();
        activity?.SetTag("outcome", outcome);
        MfaTelemetry.CountChange(operation, outcome);
        return result;
    }

    private static void Check(MfaSubject subject)
    {
        if (subject == default)
        {
            throw new ArgumentException("The subject has no user id.", nameof(subject));
        }
    }
}
