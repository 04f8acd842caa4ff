using Callroute.Mfa.Argon2;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Every default, range and figure of the guides agrees with the library.</summary>
public sealed class NumberTests
{
    private static readonly MfaOptions Options = new() { Issuer = "Callroute" };

    private static readonly ThrottleOptions Throttle = Options.RecoveryThrottle;

    public static TheoryData<string, string> Defaults => new()
    {
        { "codes-and-windows", $"| `Digits` | {Options.Digits} |" },
        { "codes-and-windows", $"| `Period` | {Text(Options.Period)} | 15–300 s |" },
        { "codes-and-windows", $"| `PastSteps` | {Options.PastSteps} | 0–2 |" },
        { "codes-and-windows", $"| `FutureSteps` | {Options.FutureSteps} | 0–1 |" },
        { "codes-and-windows", $"at most {Text(Options.Period * StepsAtOnce)}, and a guess hits one of {StepsAtOnce} codes in {Codes:N0}" },
        { "enrollment", $"| `MaximumAuthenticators` | {Options.MaximumAuthenticators} | 1–5 |" },
        { "enrollment", $"| `EnrollmentLifetime` | {Text(Options.EnrollmentLifetime)} | 1 min–1 h |" },
        { "enrollment", $"| `EnrollmentTries` | {Options.EnrollmentTries} | 1–10 |" },
        { "enrollment", $"| `StepUpAge`, of a receipt as proof | {Text(Options.StepUpAge)} | 1 min–1 h |" },
        { "enrollment", $"| secret | {SizeOf(OtpAlgorithm.Sha1)} bytes for SHA-1, {SizeOf(OtpAlgorithm.Sha256)} for SHA-256, " },
        { "enrollment", $"for SHA-256, {SizeOf(OtpAlgorithm.Sha512)} for SHA-512 |" },
        { "enrollment", $"at most {Options.StepUpAge.TotalMinutes:0} minutes old" },
        { "recovery", "has 24 characters (120 bits)" },
        { "recovery", $"| `Recovery.Count` | {Options.Recovery.Count} | 1–16 |" },
        { "recovery", $"| `Recovery.RegenerateOnUse` | {(Options.Recovery.RegenerateOnUse ? "true" : "false")} |" },
        { "recovery", $"| Argon2id | {Cost(new Argon2RecoveryCodeHasher())} | m ≤ 65536, t ≤ 10, p ≤ 4 |" },
        { "recovery", $"| `Recovery.HashConcurrency` | as many as processors, at most 4 | 1–64 |" },
        { "recovery", $"| `Recovery.HashQueueLength` | {Options.Recovery.HashQueueLength} | 0–10,000 |" },
        { "recovery", $"| `Recovery.MaximumHashWait` | {Text(Options.Recovery.MaximumHashWait)} | 0–1 min |" },
        { "recovery", $"| {Options.RecoveryThrottle.LockoutThreshold} wrong codes in a row |" },
        { "throttling", $"| `FreeFailures` | {Throttle.FreeFailures} | 1–100 |" },
        { "throttling", $"| `LockoutThreshold` | {Options.TotpThrottle.LockoutThreshold} for codes of an app, " },
        { "throttling", $" for codes of an app, {Throttle.LockoutThreshold} for recovery codes | 1–100 |" },
        { "throttling", $"| `FailureAllowance` | {Throttle.FailureAllowance} | 1–1000 |" },
        { "throttling", $"| `AllowanceRegainInterval` | one failure every {Throttle.AllowanceRegainInterval.Days} days | 1 min–30 d |" },
        { "throttling", $"`MfaOptions.KnownDeviceLifetime` is {Options.KnownDeviceLifetime.Days} days (1–365 days)" },
        { "throttling", $"{Throttle.FailureAllowance} + 365 / {Throttle.AllowanceRegainInterval.Days} = {GuessesAYear:0.00} wrong codes" },
        { "throttling", $"1 − (1 − {StepsAtOnce} / {Codes:N0})^{GuessesAYear:0.00} = {Percent(Alone(ChanceOf(1, StepsAtOnce)))} % with" },
        { "throttling", $"twice as many guesses, and {Percent(ChanceOf(1, StepsAtOnce))} %." },
        { "throttling", $"up to {7 / Throttle.AllowanceRegainInterval.TotalDays:0.00} abandoned errors a week" },
        { "protection", "32 bytes; ids of 1–64 characters" },
    };

    // "m=19456,t=2,p=1" as the page writes it.
    private static string Cost(IRecoveryCodeHasher hasher) =>
        hasher.CreateSettings().Split('$')[3].Replace(",t", " KiB,t", StringComparison.Ordinal).Replace(",", ", ");

    private static int StepsAtOnce => Options.PastSteps + 1 + Options.FutureSteps;

    private static double Codes => Math.Pow(10, Options.Digits);

    private static double GuessesAYear => Throttle.FailureAllowance + TimeSpan.FromDays(365) / Throttle.AllowanceRegainInterval;

    [Theory]
    [MemberData(nameof(Defaults))]
    public void ConceptPage_Figure_IsThatOfTheLibrary(string page, string expected) =>
        Assert.Contains(expected, Repository.Read($"docs/concepts/{page}.md").ReplaceLineEndings(" "), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void ThrottlingPage_ChanceOfAGuess_IsThatOfTheLibrary(int authenticators)
    {
        var cells = Enumerable.Range(1, 4).Select(steps => ChanceOf(authenticators, steps)).Select(chance =>
            chance > 0.002 ? $"{Percent(Alone(chance))} / **{Percent(chance)}**" : $"{Percent(Alone(chance))} / {Percent(chance)}");

        var row = $"| {authenticators} | {string.Join(" | ", cells)} |";
        Assert.Contains(row, Repository.Read("docs/concepts/throttling.md"), StringComparison.Ordinal);
    }

    // The pages write the same ranges, some of them in other units.
    [Fact]
    public void Validate_EverySettingTooLarge_NamesTheRangesOfThePages()
    {
        var far = TimeSpan.FromDays(99);
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            Digits = 99,
            Period = far,
            PastSteps = 99,
            FutureSteps = 99,
            MaximumAuthenticators = 99,
            EnrollmentLifetime = far,
            EnrollmentTries = 99,
            StepUpAge = far,
            KnownDeviceLifetime = far * 9,
            RememberBrowserLifetime = far,
            Recovery = { Count = 99, HashConcurrency = 99, HashQueueLength = 99_999, MaximumHashWait = far },
            TotpThrottle =
            {
                FreeFailures = 999, LockoutThreshold = 999, FailureAllowance = 9999, AllowanceRegainInterval = far,
            },
        };

        Assert.Equal(
            [
                "Digits 6–8", "EnrollmentLifetime 00:01:00–01:00:00", "EnrollmentTries 1–10", "FutureSteps 0–1",
                "KnownDeviceLifetime 1.00:00:00–365.00:00:00", "MaximumAuthenticators 1–5",
                "PastSteps 0–2", "Period 00:00:15–00:05:00", "Recovery.Count 1–16", "Recovery.HashConcurrency 1–64",
                "Recovery.HashQueueLength 0–10000", "Recovery.MaximumHashWait 00:00:00–00:01:00",
                "RememberBrowserLifetime 1.00:00:00–30.00:00:00", "StepUpAge 00:01:00–01:00:00",
                "TotpThrottle.AllowanceRegainInterval 00:01:00–30.00:00:00", "TotpThrottle.FailureAllowance 1–1000",
                "TotpThrottle.FreeFailures 1–100", "TotpThrottle.LockoutThreshold 1–100",
            ],
            options.Validate()
                .Select(error => error["MfaOptions.".Length..].Split(',')[0].Replace(" must be ", " ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HashConcurrency_Default_IsAsThePageSays() =>
        Assert.Equal(Math.Min(Environment.ProcessorCount, 4), Options.Recovery.HashConcurrency);

    /// <summary>The chance within a year for whoever has the password and a token.</summary>
    private static double ChanceOf(int authenticators, int steps) => new MfaOptions
    {
        Issuer = "Callroute",
        MaximumAuthenticators = authenticators,
        FutureSteps = Math.Min(steps - 1, 1),
        PastSteps = Math.Max(steps - 2, 0),
    }.GuessingChance;

    // Without a token only one of the two groups of devices is open.
    private static double Alone(double chance) => 1 - Math.Sqrt(1 - chance);

    private static string Percent(double chance) => $"{chance * 100:0.000}";

    private static int SizeOf(OtpAlgorithm algorithm)
    {
        using var secret = SharedSecret.Generate(algorithm);
        return secret.Size;
    }

    // The form in the tables: hours, or minutes if there are at least ten, else seconds.
    private static string Text(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{time.TotalHours:0} h",
        { TotalMinutes: >= 10 } => $"{time.TotalMinutes:0} min",
        _ => $"{time.TotalSeconds:0} s",
    };
}
