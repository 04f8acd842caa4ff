using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Reliability;

/// <summary>A line to a node: a call with its secrets, or an order with a number of seconds.</summary>
internal sealed record Order(
    Call Call, string? Text = null, string? Attempt = null, Guid? Target = null, Guid? Replaces = null, long Id = 0);

/// <summary>A line from a node: an answer with its secrets. The target is the begun enrolment or the set of new recovery codes.</summary>
internal sealed record Reply(Answer Answer, Guid? Target = null, string? Uri = null, string? RecoveryCode = null, long Id = 0)
{
    public bool IsAccepted => Answer.Outcome == Outcome.Accepted;
}

/// <summary>An application node: a real service, driven by lines of JSON.</summary>
internal sealed class AppNode((IMfaStore Store, Func<Task> CreateAsync) opened, string rows) : TimeProvider
{
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <remarks>The rows are a folder with a file for each enrolled user: the application's own table of users.</remarks>
    public static async Task<int> RunAsync(StoreSpec spec, string rows)
    {
        await Task.Factory.StartNew(new AppNode(await spec.OpenAsync(), rows).AnswerLines, TaskCreationOptions.LongRunning);
        return 0;
    }

    // A read of the console blocks its thread, also if it is asynchronous: it must not be one of the thread pool.
    private void AnswerLines()
    {
        var mfa = CreateService();
        while (Console.ReadLine() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line, History.Json)!;
            _ = Task.Run(async () => Console.WriteLine(JsonSerializer.Serialize(await AnswerAsync(mfa, order), History.Json)));
        }
    }

    // Short steps, a wide window and no waits: users can sign in often, and a code can be sent again long after it was accepted.
    // Eight digits keep the chance of a guess within the library's bound. Nothing that lasts longer than a run is protected by the key.
    private MfaService CreateService() => new(
        opened.Store,
        new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = [.. Enumerable.Repeat((byte)1, 32)] })),
        new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
        new MfaOptions
        {
            Issuer = "Callroute",
            Digits = 8,
            Period = Phone.Period,
            PastSteps = Phone.PastSteps,
            MaximumAuthenticators = 2,
            EnrollmentLifetime = TimeSpan.FromHours(1),
            TotpThrottle = { FreeFailures = 100, LockoutThreshold = 100, FailureAllowance = 1000 },
            Recovery = { HashQueueLength = 1000 },
            OnEnrolledChanged = WriteRowAsync,
        },
        this);

    private async Task<Reply> AnswerAsync(MfaService mfa, Order order)
    {
        try
        {
            return await RunAsync(mfa, order) with { Id = order.Id };
        }
#pragma warning disable CA1031 // Most calls throw what the store throws. The application would answer 503.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (exception is ArgumentException or NullReferenceException)
            {
                Environment.FailFast("The harness is wrong.", exception);
            }

            return new Reply(new Answer(Outcome.Unavailable, exception.GetType().Name), Id: order.Id);
        }
    }

    private async Task<Reply> RunAsync(MfaService mfa, Order order)
    {
        var (call, user) = (order.Call, new MfaSubject(order.Call.User));
        var policy = call.IsMfaRequired ? MfaPolicy.Required : MfaPolicy.Optional;
        _ = AttemptId.TryParse(order.Attempt, out var attempt);
        var proof = order.Attempt is null ? null : MfaProof.FromCode(order.Text, attempt);
        return call.Op switch
        {
            Op.Requirement => From(await mfa.GetSignInRequirementAsync(user, policy, File.Exists(RowOf(user)))),
            Op.Status => From(await mfa.GetStatusAsync(user)),
            Op.Verify or Op.Guess or Op.Recover => From(await mfa.VerifyAsync(user, order.Text, attempt)),
            Op.Begin => From(await mfa.BeginEnrollmentAsync(user, call.User, proof, order.Replaces, call.Enrolls, signedInAt: GetUtcNow())),
            Op.Confirm => From(await mfa.ConfirmEnrollmentAsync(user, order.Target!.Value, order.Text)),
            Op.Acknowledge => From(await mfa.AcknowledgeRecoveryCodesAsync(user, order.Target!.Value)),
            Op.Regenerate => From(await mfa.RegenerateRecoveryCodesAsync(user, proof)),
            Op.Disable => From(await mfa.DisableAsync(user, policy, proof)),
            Op.Unlock => From(await mfa.UnlockAsync(user, "the clock of a node was wrong")),
            _ => await ObeyAsync(order),
        };
    }

    private async Task<Reply> ObeyAsync(Order order)
    {
        await (order.Call.Op == Op.Create ? opened.CreateAsync() : Task.CompletedTask);
        _offset = TimeSpan.FromSeconds(int.Parse(order.Text ?? "0", CultureInfo.InvariantCulture));
        return new Reply(new Answer(Outcome.Read));
    }

    private string RowOf(MfaSubject user) => Path.Combine(rows, user.UserId);

    private async ValueTask WriteRowAsync(MfaSubject user, bool isEnrolled)
    {
        File.Delete(RowOf(user));
        await (isEnrolled ? File.WriteAllTextAsync(RowOf(user), string.Empty) : Task.CompletedTask);
    }

    private static Reply From(SignInRequirement requirement) =>
        new(new Answer(requirement == SignInRequirement.Unavailable ? Outcome.Unavailable : Outcome.Read, $"{requirement}"));

    private static Reply From(MfaStatus status) => new(new Answer(
        Outcome.Read, Phones: status.Authenticators.ToDictionary(a => a.Name!, a => a.Id),
        Failures: status.TotpOnUnknownDevices.ConsecutiveFailures));

    private static Reply From(VerificationResult result) =>
        new(AnswerOf(result), result.ReplacementRecoveryCodes?.SetId, RecoveryCode: result.ReplacementRecoveryCodes?.Reveal()[0]);

    private static Reply From(EnrollmentOffer offer) =>
        new(AnswerOf($"{offer.Outcome}", offer.Verification), offer.EnrollmentId, offer.Uri?.Reveal());

    private static Reply From(MfaChangeResult change) => new(
        AnswerOf($"{change.Outcome}", change.Verification, change.ConfirmedAt is not null),
        change.RecoveryCodes?.SetId, RecoveryCode: change.RecoveryCodes?.Reveal()[0]);

    private static Answer AnswerOf(VerificationResult result) => new(
        result.Succeeded ? Outcome.Accepted : OutcomeOf($"{result.Reason}"),
        result.Cause?.GetType().Name ?? $"{result.Reason}", result.Succeeded);

    private static Answer AnswerOf(string outcome, VerificationResult? proof, bool isConfirmed = false) =>
        outcome == nameof(MfaChangeOutcome.ProofRefused) && proof is { Succeeded: false } ? AnswerOf(proof)
        : new(OutcomeOf(outcome), outcome, isConfirmed || proof is { Succeeded: true });

    private static Outcome OutcomeOf(string outcome) =>
        outcome == "Succeeded" ? Outcome.Accepted : outcome == "Unavailable" ? Outcome.Unavailable : Outcome.Refused;
}
