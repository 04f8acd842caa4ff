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
    public static Decision<VerificationResult> Decide(MfaRecord record, IReadOnlyList<OpenedAuthenticator> opened, ReadOnlySpan<char> code, AttemptId attempt, MfaOptions options, DateTimeOffset now)
    {
        var matches = new Dictionary<Guid, TotpMatch>();
        foreach (var candidate in opened)
        {
            if (Totp.Verify(candidate.Secret, candidate.Authenticator.Parameters, code, now, options.Window, options.UseVectorizedHmac) is { } match)
            {
                matches.Add(candidate.Authenticator.Id, match);
            }
        }

        if (matches.Count == 0)
        {
            return Miss(record, options, now);
        }

        var isFresh = record.Authenticators.Any(a => matches.TryGetValue(a.Id, out var match) && match.TimeStep > a.Watermark);
        return isFresh ? Accept(record, matches, attempt, now) : RefuseReplay(record, matches, options, now);
    }

    private static Decision<VerificationResult> Miss(MfaRecord record, MfaOptions options, DateTimeOffset now)
    {
        var (charged, events) = record.Charge(MfaMethod.Totp, options, now);
        var refused = new MfaEvent { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.Totp };
        return Decision.WriteKeepingRedelivery(VerificationResult.Wrong(charged.TotpThrottle, options.TotpThrottle, now), charged, [refused, .. events]);
    }

    private static Decision<VerificationResult> Accept(MfaRecord record, Dictionary<Guid, TotpMatch> matches, AttemptId attempt, DateTimeOffset now)
    {
        var accepted = record.Authenticators.First(a => matches.TryGetValue(a.Id, out var match) && match.TimeStep > a.Watermark);
        var consumed = record.Spend(attempt) with
        {
            Authenticators = [.. record.Authenticators.Select(a => matches.TryGetValue(a.Id, out var match) ? Consume(a, match, now) : a)],
            TotpThrottle = record.TotpThrottle.Succeed(),
        };
        return Decision.Write(
            VerificationResult.Accepted(accepted.Id),
            consumed,
            new MfaEvent { At = now, Kind = MfaEventKind.Accepted, Method = MfaMethod.Totp, AuthenticatorId = accepted.Id });
    }

    private static AuthenticatorRecord Consume(AuthenticatorRecord authenticator, TotpMatch match, DateTimeOffset now) =>
        authenticator with { Watermark = Math.Max(authenticator.Watermark, match.TimeStep), LastUsedAt = now };

    private static Decision<VerificationResult> RefuseReplay(MfaRecord record, Dictionary<Guid, TotpMatch> matches, MfaOptions options, DateTimeOffset now)
    {
        var matched = record.Authenticators.Where(a => matches.ContainsKey(a.Id)).ToArray();
        var isClockBehind = matched.All(a => a.Watermark > a.Parameters.GetTimeStep(now) + options.Window.Future);
        var (reason, kind) = isClockBehind
            ? (RefusalReason.ClockBehind, MfaEventKind.ClockBehind)
            : (RefusalReason.Replayed, MfaEventKind.Replayed);
        var wait = matched.Min(a => a.Parameters.GetStartOf(a.Watermark + 1) - now);
        return Decision.Keep(
            VerificationResult.Refused(reason, wait),
            new MfaEvent { At = now, Kind = kind, Method = MfaMethod.Totp, AuthenticatorId = matched[0].Id });
    }
}
