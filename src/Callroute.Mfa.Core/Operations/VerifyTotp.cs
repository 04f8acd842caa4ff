using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Verifies a code of an authenticator app. The code is accepted if it matches a step above the last used step of an authenticator. Every
/// matching authenticator then records its highest matching step as used. If the response is lost, the same attempt with the same code
/// gets the same answer for 10 minutes, until another code is accepted, the user signs out, or anything changes.
/// </summary>
internal sealed class VerifyTotp(OperationContext context, MfaSubject subject, string code, int digits, CodeAttempt attempt)
    : Operation<VerificationResult>(context, subject)
{
    /// <summary>An authenticator, and the highest step of its window that matches the typed code.</summary>
    internal readonly record struct Match(AuthenticatorRecord Authenticator, long Step)
    {
        public bool IsFresh => Step > Authenticator.LastUsedStep;
    }

    protected override ValueTask<Decision<VerificationResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(Subject, VerificationResult.NotWritten, DecideAsync, cancellationToken);

    /// <summary>Decides on the current record, or on one that is not saved yet.</summary>
    internal async ValueTask<Decision<VerificationResult>> DecideAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.NotEnrolled));
        }

        using var tokens = Context.Secrets.TokensOf(record);
        if (record.RepeatableAnswer is { AuthenticatorId: not null, Envelope.Length: 0 } answer && answer.IsFor(attempt.Id, now))
        {
            return await RepeatAsync(record, answer, tokens, cancellationToken).ConfigureAwait(false);
        }

        var current = await attempt.IdentifyAsync(tokens, Options, now, cancellationToken).ConfigureAwait(false);
        if (Admission.Refuse(record, MfaMethod.Totp, current, Options, now) is { } refusal)
        {
            return Decision.Refuse(record, refusal);
        }

        var candidates = record.Authenticators.Where(a => a.Parameters.Digits == digits).ToArray();
        if (candidates.Length == 0)
        {
            // No authenticator makes codes of this length, so this is not counted as a guess.
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.Malformed));
        }

        var matches = await MatchAsync(candidates, now, cancellationToken).ConfigureAwait(false);
        var devices = current.DevicesIn(record, MfaMethod.Totp, Options, now);
        var decision = Decide(record, matches, current, devices, Options, now);
        if (decision.Result.Method is null)
        {
            return decision;
        }

        var stepUp = new StepUp(MfaMethod.Totp, devices, now, decision.Result.AuthenticatorId);
        var saved = await Context.Secrets.EncryptAnewAsync(decision.Record!, candidates, cancellationToken).ConfigureAwait(false);
        return await CompleteAsync(decision with { Record = saved }, tokens, current.DeviceId, stepUp, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the same answer to the code that was accepted. Any other code ends the answer, because this check is not throttled.
    /// </summary>
    private async ValueTask<Decision<VerificationResult>> RepeatAsync(
        MfaRecord record, RepeatableAnswer answer, RecordTokens tokens, CancellationToken cancellationToken)
    {
        var authenticator = record.Authenticators.FirstOrDefault(a => a.Id == answer.AuthenticatorId);
        if (authenticator is null || !await IsLastUsedAsync(authenticator, cancellationToken).ConfigureAwait(false))
        {
            return Decision.Save(VerificationResult.Refused(RefusalReason.AttemptSpent), record);
        }

        // A repeated answer has no device token, because the first answer had one. Save, so that the write detects a stale read.
        var stepUp = new StepUp(MfaMethod.Totp, answer.Devices, answer.UsedAt, authenticator.Id);
        var receipt = await tokens.IssueReceiptAsync(stepUp, cancellationToken).ConfigureAwait(false);
        return Decision.SaveKeepingAnswer(
            VerificationResult.Accepted(authenticator.Id).With(answer.UsedAt, receipt, deviceToken: null), record);
    }

    /// <returns>Whether the typed code is that of the last used step.</returns>
    private async ValueTask<bool> IsLastUsedAsync(AuthenticatorRecord authenticator, CancellationToken cancellationToken)
    {
        using var secret = await Context.Secrets.OpenAsync(Subject, authenticator, cancellationToken).ConfigureAwait(false);
        var usedAt = authenticator.Parameters.GetStartOf(authenticator.LastUsedStep);
        return Totp.Verify(secret, authenticator.Parameters, code, usedAt, 0, 0, Options.UseVectorizedHmac) is not null;
    }

    /// <returns>The candidates that have the code in their window.</returns>
    private async ValueTask<List<Match>> MatchAsync(
        AuthenticatorRecord[] candidates, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Match> matches = [];
        foreach (var candidate in candidates)
        {
            using var secret = await Context.Secrets.OpenAsync(Subject, candidate, cancellationToken).ConfigureAwait(false);
            var matched = Totp.Verify(
                secret, candidate.Parameters, code, now, Options.PastSteps, Options.FutureSteps, Options.UseVectorizedHmac);
            if (matched is { } step)
            {
                matches.Add(new(candidate, step));
            }
        }

        return matches;
    }

    // Do everything that can fail before the write, so that an accepted code always comes with its receipt and its device token.
    private static async ValueTask<Decision<VerificationResult>> CompleteAsync(
        Decision<VerificationResult> decision, RecordTokens tokens, Guid deviceId, StepUp stepUp, CancellationToken cancellationToken)
    {
        var (record, token) = await tokens.TrustDeviceAsync(decision.Record!, deviceId, stepUp.VerifiedAt, cancellationToken)
            .ConfigureAwait(false);
        var receipt = await tokens.IssueReceiptAsync(stepUp, cancellationToken).ConfigureAwait(false);
        return decision with { Result = decision.Result.With(stepUp.VerifiedAt, receipt, token), Record = record };
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    internal static Decision<VerificationResult> Decide(
        MfaRecord record, List<Match> matches, CodeAttempt attempt, DeviceGroup devices, MfaOptions options, DateTimeOffset now) =>
        matches switch
        {
            [] => Miss(record, attempt, devices, options, now),
            _ when matches.Exists(m => m.IsFresh) => Accept(record, matches, attempt, devices, options, now),
            _ => RefuseReplay(matches, options, now),
        };

    private static Decision<VerificationResult> Miss(
        MfaRecord record, CodeAttempt attempt, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        var (failed, events) = record.RecordFailure(MfaMethod.Totp, devices, attempt.Refundable, options, now);
        var refused = new MfaEvent { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.Totp };
        var next = attempt.DevicesIn(failed, MfaMethod.Totp, options, now);
        return Decision.SaveKeepingAnswer(
            VerificationResult.Wrong(failed.TotpThrottle, next, options.TotpThrottle, now), failed, [refused, .. events]);
    }

    private static Decision<VerificationResult> Accept(
        MfaRecord record, List<Match> matches, CodeAttempt attempt, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        var accepted = matches.Find(m => m.IsFresh).Authenticator.Id;
        var authenticators = record.Authenticators.ToArray();
        foreach (var (authenticator, step) in matches)
        {
            authenticators[Array.IndexOf(authenticators, authenticator)] = authenticator with
            {
                LastUsedStep = Math.Max(authenticator.LastUsedStep, step),
                LastUsedAt = now,
            };
        }

        var consumed = record with
        {
            Authenticators = authenticators,
            TotpThrottle = record.TotpThrottle.Succeed(devices, options.TotpThrottle, attempt.Refundable, now),
            SpentAttempts = record.SpentAttemptsWith(attempt.Id),
            RepeatableAnswer = new()
            {
                Fingerprint = attempt.Id.Fingerprint(),
                UsedAt = now,
                Devices = devices,
                AuthenticatorId = accepted,
            },
        };
        return Decision.SaveKeepingAnswer(
            VerificationResult.Accepted(accepted),
            consumed,
            new MfaEvent { At = now, Kind = MfaEventKind.Accepted, Method = MfaMethod.Totp, AuthenticatorId = accepted });
    }

    private static Decision<VerificationResult> RefuseReplay(List<Match> matches, MfaOptions options, DateTimeOffset now)
    {
        var used = matches.ConvertAll(m => m.Authenticator);
        var isClockBehind = used.TrueForAll(a => a.LastUsedStep > a.Parameters.GetTimeStep(now) + options.FutureSteps);
        var (reason, kind) = isClockBehind
            ? (RefusalReason.ClockBehind, MfaEventKind.ClockBehind)
            : (RefusalReason.Replayed, MfaEventKind.Replayed);
        var wait = used.Min(a => a.Parameters.GetStartOf(a.LastUsedStep + 1) - now);
        return Decision.NoChange(
            VerificationResult.Refused(reason, wait),
            new MfaEvent { At = now, Kind = kind, Method = MfaMethod.Totp, AuthenticatorId = used[0].Id });
    }
}
