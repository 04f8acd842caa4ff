using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Reliability;

/// <summary>An application node: a real service, driven by lines of JSON.</summary>
/// <param name="opened">The store, and how its table is made.</param>
/// <param name="rows">A folder with a file for each enrolled user: the application's own table of users.</param>
internal sealed class AppNode(OpenedStore opened, string rows) : TimeProvider
{
    // Nothing that lasts longer than a run is protected by it.
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <summary>Answers the lines of the input until it ends.</summary>
    public static async Task<int> RunAsync(StoreSpec spec, string rows)
    {
        var node = new AppNode(await OpenedStore.OpenAsync(spec), rows);
        var mfa = node.CreateService();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = JsonSerializer.Deserialize<Order>(line, History.Json)!;
            _ = Task.Run(async () => Console.WriteLine(JsonSerializer.Serialize(await node.AnswerAsync(mfa, order), History.Json)));
        }

        return 0;
    }

    // Short steps, a wide window and no waits: users can sign in often, and a code can be sent again long after it was accepted.
    // Eight digits keep the chance of a guess within the library's bound.
    private MfaService CreateService() => new(
        opened.Store,
        new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = Key })),
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

    private async Task<Answer> AnswerAsync(MfaService mfa, Order order)
    {
        try
        {
            return await RunAsync(mfa, order) with { Id = order.Id };
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            Environment.FailFast("The harness is wrong.", exception);
            throw;
        }
#pragma warning disable CA1031 // Most calls throw what the store throws. The application would answer 503.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Answer(Outcome.Unavailable, exception.GetType().Name) { Id = order.Id };
        }
    }

    private async Task<Answer> RunAsync(MfaService mfa, Order order)
    {
        if (order.Call.Op is Op.Clock or Op.Create)
        {
            _offset = order.Call.Op == Op.Clock ? TimeSpan.FromSeconds(int.Parse(order.Text!, CultureInfo.InvariantCulture)) : _offset;
            await (order.Call.Op == Op.Create ? opened.CreateAsync() : Task.CompletedTask);
            return new Answer(Outcome.Read);
        }

        var user = new MfaSubject(order.Call.User);
        var policy = order.Call.IsMfaRequired ? MfaPolicy.Required : MfaPolicy.Optional;
        _ = AttemptId.TryParse(order.Attempt, out var attempt);
        var proof = order.Text is null ? null : MfaProof.FromCode(order.Text, attempt);
        return order.Call.Op switch
        {
            Op.Requirement => From(await mfa.GetSignInRequirementAsync(user, policy, File.Exists(RowOf(user)))),
            Op.Status => From(await mfa.GetStatusAsync(user)),
            Op.Verify or Op.Guess or Op.Recover => From(await mfa.VerifyAsync(user, order.Text, attempt)),
            Op.Begin => From(await mfa.BeginEnrollmentAsync(
                user, order.Call.User, proof, order.Replaces, order.Call.Enrolls, signedInAt: GetUtcNow())),
            Op.Confirm => From(await mfa.ConfirmEnrollmentAsync(user, order.Target!.Value, order.Text)),
            Op.Acknowledge => From(await mfa.AcknowledgeRecoveryCodesAsync(user, order.Target!.Value)),
            Op.Regenerate => From(await mfa.RegenerateRecoveryCodesAsync(user, proof)),
            Op.Disable => From(await mfa.DisableAsync(user, policy, proof)),
            _ => From(await mfa.UnlockAsync(user, "the clock of a node was wrong")),
        };
    }

    private string RowOf(MfaSubject user) => Path.Combine(rows, user.UserId);

    private async ValueTask WriteRowAsync(MfaSubject user, bool isEnrolled)
    {
        File.Delete(RowOf(user));
        await (isEnrolled ? File.WriteAllTextAsync(RowOf(user), string.Empty) : Task.CompletedTask);
    }

    private static Answer From(SignInRequirement requirement) =>
        new(requirement == SignInRequirement.Unavailable ? Outcome.Unavailable : Outcome.Read, $"{requirement}");

    private static Answer From(MfaStatus status) => new(Outcome.Read)
    {
        Phones = status.Authenticators.ToDictionary(a => a.Name!, a => a.Id),
        Failures = status.TotpOnUnknownDevices.ConsecutiveFailures,
    };

    private static Answer From(VerificationResult result) => new(
        result.Succeeded ? Outcome.Accepted : result.Reason == RefusalReason.Unavailable ? Outcome.Unavailable : Outcome.Refused,
        result.Cause?.GetType().Name ?? $"{result.Reason}",
        result.Succeeded)
    {
        Target = result.ReplacementRecoveryCodes?.SetId,
        RecoveryCode = result.ReplacementRecoveryCodes?.Reveal()[0],
    };

    private static Answer From(EnrollmentOffer offer) => From(offer.Outcome, offer.Verification) with
    {
        Target = offer.EnrollmentId, Uri = offer.Uri?.Reveal(),
    };

    private static Answer From(MfaChangeResult change)
    {
        var answer = From(change.Outcome, change.Verification);
        return answer with
        {
            IsCodeAccepted = answer.IsCodeAccepted || change.ConfirmedAt is not null,
            Target = change.RecoveryCodes?.SetId,
            RecoveryCode = change.RecoveryCodes?.Reveal()[0],
        };
    }

    private static Answer From(MfaChangeOutcome outcome, VerificationResult? proof) =>
        outcome == MfaChangeOutcome.ProofRefused && proof is { Succeeded: false } ? From(proof) : new Answer(
            outcome == MfaChangeOutcome.Succeeded ? Outcome.Accepted
            : outcome == MfaChangeOutcome.Unavailable ? Outcome.Unavailable
            : Outcome.Refused,
            $"{outcome}",
            proof?.Succeeded ?? false);
}
