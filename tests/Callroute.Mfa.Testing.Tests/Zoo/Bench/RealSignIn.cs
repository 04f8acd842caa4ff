using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Broken;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>The real <see cref="MfaService"/> on two nodes that take turns, over any store and any protector.</summary>
internal sealed class RealSignIn : ISignIn
{
    private readonly Setup _setup;
    private readonly Func<IMfaStore> _openStore;
    private readonly ISecretProtector _protector;
    private readonly MfaOptions _options;
    private readonly ConcurrentDictionary<string, bool> _enrolled = new();
    private volatile MfaService[] _nodes;
    private int _turn;

    /// <param name="setup">The policy.</param>
    /// <param name="openStore">Opens the store as one process does. All stores share their data.</param>
    /// <param name="protector">AES-GCM if null.</param>
    public RealSignIn(Setup setup, Func<IMfaStore> openStore, ISecretProtector? protector = null)
    {
        (_setup, _openStore, _protector) = (setup, openStore, protector ?? new AesGcmSecretProtector(setup.Keys));
        _options = new MfaOptions
        {
            Issuer = "Callroute",
            Digits = setup.Parameters.Digits,
            AllowShortCodes = setup.Parameters.Digits < 6,
            PastSteps = setup.StepsEachWay,
            FutureSteps = setup.StepsEachWay,
            Recovery =
            {
                Count = Setup.RecoveryCodes,
                RegenerateOnUse = false,
                HashConcurrency = 64,
                HashQueueLength = 10_000,
                MaximumHashWait = TimeSpan.FromMinutes(1),
            },
            // The rule for codes of four digits guesses little. With the usual allowance the service refuses such codes.
            MaximumAuthenticators = 1,
            TotpThrottle =
            {
                FreeFailures = Setup.Limit,
                FailureAllowance = setup.Parameters.Digits < 6 ? 4 : Setup.Allowance,
                AllowanceRegainInterval = TimeSpan.FromDays(30),
            },
            RecoveryThrottle = { FreeFailures = Setup.RecoveryLimit, FailureAllowance = 1000 },
            OnEnrolledChanged = (subject, isEnrolled) =>
            {
                _enrolled[subject.UserId] = isEnrolled;
                return ValueTask.CompletedTask;
            },
        };
        _nodes = Start();
    }

    private MfaService Node => _nodes[(uint)Interlocked.Increment(ref _turn) % (uint)_nodes.Length];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<Enrolled> EnrollAsync(string user, bool isSentTwice = false)
    {
        var subject = new MfaSubject(user);
        var node = Node;
        var offer = await node.BeginEnrollmentAsync(subject, user, cancellationToken: Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _setup.Clock);
        var confirmed = await node.ConfirmEnrollmentAsync(subject, offer.EnrollmentId, phone.GetCode(), Token);
        confirmed = isSentTwice ? await Node.ConfirmEnrollmentAsync(subject, offer.EnrollmentId, phone.GetCode(), Token) : confirmed;
        if (confirmed.RecoveryCodes is not { } codes)
        {
            return new(phone, []);
        }

        await node.AcknowledgeRecoveryCodesAsync(subject, codes.SetId, Token);
        return new(phone, codes.Reveal());
    }

    public async Task SignOutAsync(string user) => await Node.EndRepeatableAnswersAsync(new MfaSubject(user), Token);

    public async Task<Answer> VerifyAsync(string login, string response, Session session)
    {
        var subject = new MfaSubject(Logins.UserOf(login));
        var result = await Node.VerifyAsync(
            subject, response, session.Id, session.Device, session.IsSignedIn, cancellationToken: Token);
        session.Device = result.RevealKnownDevice() ?? session.Device;
        return result switch
        {
            // A member must be rejected for the named defect, not for a crash.
            { Cause: not (null or SecretProtectionException) } =>
                throw new InvalidOperationException("The implementation failed.", result.Cause),
            { Succeeded: true } => Answer.Accepted,
            { Reason: RefusalReason.WrongCode } => Answer.Wrong,
            { Reason: RefusalReason.Replayed or RefusalReason.ClockBehind } => Answer.Replayed,
            _ => Answer.Unchecked,
        };
    }

    public async Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof)
    {
        var node = Node;
        var result = await node.RegenerateRecoveryCodesAsync(new MfaSubject(user), MfaProof.FromCode(proof, node.BeginAttempt()), Token);
        return result.RecoveryCodes is { } codes
            ? codes.Reveal()
            : throw new IOException($"No new codes: {result.Outcome}.", result.Verification?.Cause);
    }

    public async Task<bool> IsPasswordEnoughAsync(string user)
    {
        var requirement = await Node.GetSignInRequirementAsync(new MfaSubject(user), MfaPolicy.Optional, _enrolled[user], Token);
        return requirement == SignInRequirement.NotRequired;
    }

    public async Task ResetAsync(string user) =>
        await Node.ResetAsync(new MfaSubject(user), "The user lost the phone.", cancellationToken: Token);

    public async Task LoseRecordAsync(string user)
    {
        var store = _openStore();
        if (await store.FindAsync(new MfaSubject(user), Token) is { } stored)
        {
            await store.TryDeleteAsync(new MfaSubject(user), stored.Version, Token);
        }

        Restart();
    }

    public async Task MoveSecretAsync(string from, string to)
    {
        var store = _openStore();
        var source = await store.FindAsync(new MfaSubject(from), Token);
        var target = await store.FindAsync(new MfaSubject(to), Token);
        if (source is null || target is null)
        {
            return;
        }

        var document = JsonNode.Parse(target.Document.Span)!;
        document["authenticators"] = JsonNode.Parse(source.Document.Span)!["authenticators"]!.DeepClone();
        var changed = Encoding.UTF8.GetBytes(document.ToJsonString());
        await store.TryWriteAsync(new MfaSubject(to), changed, Guid.NewGuid(), target.Version, Token);
        Restart();
    }

    public void Restart() => _nodes = Start();

    private MfaService[] Start() => [.. Enumerable.Range(0, 2).Select(_ =>
        new MfaService(Touch(_openStore(), _setup.Faults), _protector, new FastHasher(_setup), _options, _setup.Clock))];

    private static AlteredStore Touch(IMfaStore store, FaultPoint faults) => new(store)
    {
        Find = (subject, token) => faults.AroundAsync(() => store.FindAsync(subject, token)),
        Write = w => faults.AroundAsync(() => store.WriteAsync(w)),
        Delete = d => faults.AroundAsync(() => store.DeleteAsync(d)),
    };
}
