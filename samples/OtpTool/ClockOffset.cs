using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary>Finds out from a code how far the clock of its authenticator is off.</summary>
internal static class ClockOffset
{
    // As far as clocks are usually off: a wrong time zone or date line. A wrong code of 6 digits is found in a day with a chance of 0.6 %.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(1);

    /// <summary>Finds the time step of a code that is nearest to a time; null if there is none within a day.</summary>
    public static long? FindStep(SharedSecret secret, TotpParameters parameters, string code, DateTimeOffset time)
    {
        var current = parameters.GetTimeStep(time);
        return Enumerable.Range(0, (int)(Reach / parameters.Period) + 1)
            .SelectMany(distance => new[] { current - distance, current + distance })
            .Select(step => Totp.Verify(secret, parameters, code, parameters.GetStartOf(step), 0, 0))
            .FirstOrDefault(step => step is not null);
    }

    /// <summary>Describes the offset: from and to, in whole seconds, because a code is the same for a whole step.</summary>
    public static Field Describe(long? step, TotpParameters parameters, DateTimeOffset time)
    {
        const string Name = "clockOffset";
        if (step is not { } found)
        {
            return new Field(Name, null, "unknown: no code of a day before or after is like this");
        }

        var start = (parameters.GetStartOf(found) - time).TotalSeconds;
        var (from, to) = ((long)Math.Floor(start), (long)Math.Ceiling(start + parameters.Period.TotalSeconds));
        return new Field(Name, new[] { from, to }, Describe(from, to));
    }

    private static string Describe(long from, long to) =>
        to <= 0 ? FormattableString.Invariant($"the authenticator is {-to} to {-from} s behind this clock")
        : from >= 0 ? FormattableString.Invariant($"the authenticator is {from} to {to} s ahead of this clock")
        : FormattableString.Invariant($"right: at most {-from} s behind or {to} s ahead");
}
