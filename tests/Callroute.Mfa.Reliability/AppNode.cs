using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Reliability;

/// <summary>An application node: a real service, driven by lines of JSON.</summary>
internal sealed class AppNode : TimeProvider
{
    // Nothing that lasts longer than a run is protected by it.
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly NodeStore _store;
    private readonly MfaService _mfa;
    private readonly TextWriter _output;
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _notices = new();
    private long _lastNotice;
    private TimeSpan _offset;

    private AppNode(NodeStore store, TextWriter output)
    {
        (_store, _output) = (store, TextWriter.Synchronized(output));
        _mfa = new MfaService(
            store.Store,
            new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = Key })),
            new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
            CreateOptions(),
            this);
    }

    /// <summary>Answers the lines of the input until it ends.</summary>
    public static async Task RunAsync(StoreSpec spec, TextReader input, TextWriter output)
    {
        var node = new AppNode(await NodeStore.OpenAsync(spec), output);
        while (await input.ReadLineAsync() is { } line)
        {
            node.Start(JsonSerializer.Deserialize<Request>(line)!);
        }
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    // Short steps, a wide window and no waits: users can sign in often, and a code can be sent again long after it was accepted.
    // Eight digits keep the chance of a guess within the library's bound.
    private MfaOptions CreateOptions() => new()
    {
        Issuer = "Callroute",
        Digits = 8,
        Period = Phone.Period,
        PastSteps = Phone.PastSteps,
        MaximumAuthenticators = 2,
        EnrollmentLifetime = TimeSpan.FromHours(1),
        TotpThrottle = { FreeFailures = 100, LockoutThreshold = 100, FailureAllowance = 1000, AllowanceRegainInterval = TimeSpan.FromHours(1) },
        Recovery = { HashQueueLength = 1000 },
        OnEnrolledChanged = WriteRowAsync,
    };

    private void Start(Request request)
    {
        if (request.Op == Op.Row)
        {
            _notices[request.Id].SetResult();
        }
        else if (request.Op == Op.Clock)
        {
            _offset = TimeSpan.FromSeconds(int.Parse(request.Text!, CultureInfo.InvariantCulture));
            Write(new Answer(request.Id, Outcome.Read));
        }
        else
        {
            _ = Task.Run(() => AnswerAsync(request));
        }
    }

    private async Task AnswerAsync(Request request)
    {
        try
        {
            Write(await RunAsync(request) with { Id = request.Id });
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            await Console.Error.WriteLineAsync($"The harness is wrong: {exception}");
            Environment.Exit(3);
        }
#pragma warning disable CA1031 // Most calls throw what the store throws. The application would answer 503.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Write(new Answer(request.Id, Outcome.Unavailable, exception.GetType().Name));
        }
    }

    private async Task<Answer> RunAsync(Request request)
    {
        var user = request.User.Length == 0 ? default : new MfaSubject(request.User);
        switch (request.Op)
        {
            case Op.Create:
                await _store.CreateAsync();
                return new Answer(request.Id, Outcome.Read);
            case Op.Verify:
                return From(await _mfa.VerifyAsync(user, request.Text, AttemptOf(request)));
            case Op.Begin:
                return From(await _mfa.BeginEnrollmentAsync(
                    user, request.User, ProofOf(request), request.Replaces, request.Phone, signedInAt: GetUtcNow()));
            case Op.Confirm:
                return From(await _mfa.ConfirmEnrollmentAsync(user, request.Target!.Value, request.Text));
            case Op.Acknowledge:
                return From(await _mfa.AcknowledgeRecoveryCodesAsync(user, request.Target!.Value));
            case Op.Regenerate:
                return From(await _mfa.RegenerateRecoveryCodesAsync(user, ProofOf(request)));
            case Op.Disable:
                return From(await _mfa.DisableAsync(user, PolicyOf(request), ProofOf(request)));
            case Op.Unlock:
                return From(await _mfa.UnlockAsync(user, "the clock of a node was wrong"));
            case Op.Requirement:
                var required = await _mfa.GetSignInRequirementAsync(user, PolicyOf(request), request.IsEnrolled);
                return new Answer(
                    request.Id, required == SignInRequirement.Unavailable ? Outcome.Unavailable : Outcome.Read, $"{required}");
            case Op.Status:
                var status = await _mfa.GetStatusAsync(user);
                return new Answer(request.Id, Outcome.Read)
                {
                    Phones = status.Authenticators.ToDictionary(a => a.Name!, a => a.Id),
                    Failures = status.TotpOnUnknownDevices.ConsecutiveFailures,
                };
            default:
                throw new ArgumentException($"Unknown: {request.Op}.");
        }
    }

    private static MfaPolicy PolicyOf(Request request) => request.IsMfaRequired ? MfaPolicy.Required : MfaPolicy.Optional;

    private static AttemptId AttemptOf(Request request) => AttemptId.TryParse(request.Attempt, out var attempt)
        ? attempt
        : throw new ArgumentException("No attempt.");

    private static MfaProof? ProofOf(Request request) =>
        request.Text is null ? null : MfaProof.FromCode(request.Text, AttemptOf(request));

    private static Answer From(VerificationResult result) => result.Succeeded
        ? new Answer(0, Outcome.Accepted)
        {
            IsCodeAccepted = true,
            Target = result.ReplacementRecoveryCodes?.SetId,
            RecoveryCode = result.ReplacementRecoveryCodes?.Reveal()[0],
        }
        : result.Reason == RefusalReason.Unavailable
            ? new Answer(0, Outcome.Unavailable, result.Cause?.GetType().Name ?? nameof(RefusalReason.Unavailable))
            : new Answer(0, Outcome.Refused, $"{result.Reason}");

    private static Answer From(MfaChangeResult change) => From(change.Outcome, change.Verification) with
    {
        IsCodeAccepted = change.Verification?.Succeeded ?? (change.AuthenticatorId is not null && change.Succeeded),
        Target = change.RecoveryCodes?.SetId,
        RecoveryCode = change.RecoveryCodes?.Reveal()[0],
    };

    private static Answer From(EnrollmentOffer offer) => From(offer.Outcome, offer.Verification) with
    {
        IsCodeAccepted = offer.Verification?.Succeeded ?? false,
        Target = offer.Succeeded ? offer.EnrollmentId : null,
        Uri = offer.Uri?.Reveal(),
    };

    private static Answer From(MfaChangeOutcome outcome, VerificationResult? proof) =>
        outcome == MfaChangeOutcome.Succeeded ? new Answer(0, Outcome.Accepted)
        : outcome == MfaChangeOutcome.ProofRefused && proof is { Succeeded: false } ? From(proof)
        : new Answer(0, outcome == MfaChangeOutcome.Unavailable ? Outcome.Unavailable : Outcome.Refused, $"{outcome}");

    private async ValueTask WriteRowAsync(MfaSubject user, bool isEnrolled)
    {
        var id = Interlocked.Increment(ref _lastNotice);
        var written = _notices[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Write(new Answer(id, Op.Row) { User = user.UserId, IsEnrolled = isEnrolled });
        await written.Task;
        _notices.TryRemove(id, out _);
    }

    private void Write(Answer answer) => _output.WriteLine(JsonSerializer.Serialize(answer));
}
