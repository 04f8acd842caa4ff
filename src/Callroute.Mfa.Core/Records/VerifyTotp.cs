using Callroute.Mfa.Otp;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>
/// Decides about a code of an authenticator app: accepted iff some authenticator has a matching step above its
/// watermark, and then every matching authenticator's watermark rises to its highest matching step.
/// </summary>
internal static class VerifyTotp
{
    /// <param name="record">The record, admitted.</param>
    /// <param name="opened">Every authenticator whose codes have this length; at least one.</param>
    /// <param name="code">What the person typed, of the length of these codes.</param>
    /// <param name="attempt">The attempt to spend when the code is accepted.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<VerificationResult> Decide(MfaRecord record, List<OpenedAuthenticator> opened, ReadOnlySpan<char> code, AttemptId attempt, MfaOptions options, DateTimeOffset now)
    {
        List<MatchedAuthenticator> matches = [];
        foreach (var candidate in opened)
        {
            var parameters = candidate.Authenticator.Parameters;
            if (Totp.Verify(
                candidate.Secret, parameters, code, now, options.PastSteps, options.FutureSteps, options.UseVectorizedHmac) is { } timeStep)
            {
                matches.Add(new(candidate.Authenticator, timeStep));
            }
        }

        if (matches.Count == 0)
        {
            return Miss(record, options, now);
        }

        return matches.Find(m => m.IsFresh) is { } fresh ? Accept(record, fresh.Authenticator.Id, matches, attempt, now) : RefuseReplay(matches, options, now);
    }

    private static Decision<VerificationResult> Miss(MfaRecord record, MfaOptions options, DateTimeOffset now)
    {
        var (charged, events) = record.Charge(MfaMethod.Totp, options, now);
        var refused = new MfaEvent { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.Totp };
        return Decision.WriteKeepingRedelivery(VerificationResult.Wrong(charged.TotpThrottle, options.TotpThrottle, now), charged, [refused, .. events]);
    }

    private static Decision<VerificationResult> Accept(MfaRecord record, Guid acceptedId, List<MatchedAuthenticator> matches, AttemptId attempt, DateTimeOffset now)
    {
        var authenticators = record.Authenticators.ToArray();
        matches.ForEach(match => authenticators[Array.IndexOf(authenticators, match.Authenticator)] = match.Consume(now));
        var consumed = record with
        {
            Authenticators = authenticators,
            TotpThrottle = record.TotpThrottle.Succeed(),
            SpentAttempts = record.SpentAttemptsWith(attempt),
        };
        return Decision.Write(
            VerificationResult.Accepted(acceptedId),
            consumed,
            new MfaEvent { At = now, Kind = MfaEventKind.Accepted, Method = MfaMethod.Totp, AuthenticatorId = acceptedId });
    }

    private static Decision<VerificationResult> RefuseReplay(List<MatchedAuthenticator> matches, MfaOptions options, DateTimeOffset now)
    {
        var isClockBehind = matches.TrueForAll(m => m.Authenticator.Watermark > m.Authenticator.Parameters.GetTimeStep(now) + options.FutureSteps);
        var (reason, kind) = isClockBehind
            ? (RefusalReason.ClockBehind, MfaEventKind.ClockBehind)
            : (RefusalReason.Replayed, MfaEventKind.Replayed);
        var wait = matches.Min(m => m.Authenticator.Parameters.GetStartOf(m.Authenticator.Watermark + 1) - now);
        return Decision.Keep(
            VerificationResult.Refused(reason, wait),
            new MfaEvent { At = now, Kind = kind, Method = MfaMethod.Totp, AuthenticatorId = matches[0].Authenticator.Id });
    }
}
