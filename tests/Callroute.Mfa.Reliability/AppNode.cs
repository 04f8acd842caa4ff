using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Reliability;

/// <summary>An application node: a real service, driven by lines of JSON.</summary>
internal sealed class AppNode : TimeProvider
{
    private readonly MfaService _mfa;
    private readonly Func<Task> _createTable;
    private readonly string _rows;
    private TimeSpan _offset;

    // Short steps, a wide window and no waits: users can sign in often, and a code can be sent again long after it was accepted.
    // Eight digits keep the chance of a guess within the library's bound. Nothing that lasts longer than a run is protected by the key.
    private AppNode(IMfaStore store, Func<Task> createTable, string rows)
    {
        (_createTable, _rows) = (createTable, rows);
        var options = new MfaOptions
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
        };
        var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = [.. Enumerable.Range(1, 32).Select(i => (byte)i)] });
        var hasher = new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1);
        _mfa = new MfaService(store, new AesGcmSecretProtector(keys), hasher, options, this);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <summary>Answers the lines of the input until it ends.</summary>
    /// <param name="spec">The store.</param>
    /// <param name="rows">A folder with a file for each enrolled user: the application's own table of users.</param>
    public static async Task<int> RunAsync(StoreSpec spec, string rows)
    {
        var (store, createTable) = await spec.OpenAsync();
        await Task.Factory.StartNew(new AppNode(store, createTable, rows).AnswerLines, TaskCreationOptions.LongRunning);
        return 0;
    }

    // A read of the console blocks its thread, also if it is asynchronous: it must not be one of the thread pool.
    private void AnswerLines()
    {
        while (Console.ReadLine() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line, History.Json)!;
            _ = Task.Run(async () => Console.WriteLine(JsonSerializer.Serialize(await AnswerAsync(order), History.Json)));
        }
    }

    private async Task<Reply> AnswerAsync(Order order)
    {
        try
        {
            return await RunAsync(order) with { Id = order.Id };
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

    private async Task<Reply> RunAsync(Order order)
    {
        var (call, user) = (order.Call, new MfaSubject(order.Call.User));
        var policy = call.IsMfaRequired ? MfaPolicy.Required : MfaPolicy.Optional;
        _ = AttemptId.TryParse(order.Attempt, out var attempt);
        var proof = order.Text is null ? null : MfaProof.FromCode(order.Text, attempt);
        return call.Op switch
        {
            Op.Requirement => From(await _mfa.GetSignInRequirementAsync(user, policy, File.Exists(RowOf(user)))),
            Op.Status => From(await _mfa.GetStatusAsync(user)),
            Op.Verify or Op.Guess or Op.Recover => From(await _mfa.VerifyAsync(user, order.Text, attempt)),
            Op.Begin => From(
                await _mfa.BeginEnrollmentAsync(user, call.User, proof, order.Replaces, call.Enrolls, signedInAt: GetUtcNow())),
            Op.Confirm => From(await _mfa.ConfirmEnrollmentAsync(user, order.Target!.Value, order.Text)),
            Op.Acknowledge => From(await _mfa.AcknowledgeRecoveryCodesAsync(user, order.Target!.Value)),
            Op.Regenerate => From(await _mfa.RegenerateRecoveryCodesAsync(user, proof)),
            Op.Disable => From(await _mfa.DisableAsync(user, policy, proof)),
            Op.Unlock => From(await _mfa.UnlockAsync(user, "the clock of a node was wrong")),
            _ => await ObeyAsync(order),
        };
    }

    private async Task<Reply> ObeyAsync(Order order)
    {
        if (order.Call.Op == Op.Create)
        {
            await _createTable();
        }
        else
        {
            _offset = TimeSpan.FromSeconds(int.Parse(order.Text!, CultureInfo.InvariantCulture));
        }

        return new Reply(new Answer(Outcome.Read));
    }

    private string RowOf(MfaSubject user) => Path.Combine(_rows, user.UserId);

    private async ValueTask WriteRowAsync(MfaSubject user, bool isEnrolled)
    {
        File.Delete(RowOf(user));
        await (isEnrolled ? File.WriteAllTextAsync(RowOf(user), string.Empty) : Task.CompletedTask);
    }

    private static Reply From(SignInRequirement requirement) =>
        new(new Answer(requirement == SignInRequirement.Unavailable ? Outcome.Unavailable : Outcome.Read, $"{requirement}"));

    private static Reply From(MfaStatus status) => new(new Answer(
        Outcome.Read,
        Phones: status.Authenticators.ToDictionary(a => a.Name!, a => a.Id),
        Failures: status.TotpOnUnknownDevices.ConsecutiveFailures));

    private static Reply From(VerificationResult result) =>
        new(AnswerOf(result), result.ReplacementRecoveryCodes?.SetId, RecoveryCode: result.ReplacementRecoveryCodes?.Reveal()[0]);

    private static Reply From(EnrollmentOffer offer) =>
        new(AnswerOf(offer.Outcome, offer.Verification), offer.EnrollmentId, offer.Uri?.Reveal());

    private static Reply From(MfaChangeResult change) => new(
        AnswerOf(change.Outcome, change.Verification, change.ConfirmedAt is not null),
        change.RecoveryCodes?.SetId, RecoveryCode: change.RecoveryCodes?.Reveal()[0]);

    private static Answer AnswerOf(VerificationResult result) => new(
        result.Succeeded ? Outcome.Accepted : result.Reason == RefusalReason.Unavailable ? Outcome.Unavailable : Outcome.Refused,
        result.Cause?.GetType().Name ?? $"{result.Reason}",
        result.Succeeded);

    private static Answer AnswerOf(MfaChangeOutcome outcome, VerificationResult? proof, bool isConfirmed = false) =>
        outcome == MfaChangeOutcome.ProofRefused && proof is { Succeeded: false } ? AnswerOf(proof) : new Answer(
            outcome == MfaChangeOutcome.Succeeded ? Outcome.Accepted
            : outcome == MfaChangeOutcome.Unavailable ? Outcome.Unavailable
            : Outcome.Refused,
            $"{outcome}",
            isConfirmed || proof is { Succeeded: true });
}
