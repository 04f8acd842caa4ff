using Callroute.Mfa.Argon2;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Every default, range and figure of the guides is what the library has.</summary>
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
        { "throttling", $"| `FirstWait` | {Text(Throttle.FirstWait)} | 1 s–1 h |" },
        { "throttling", $"| `MaximumWait` | {Text(Throttle.MaximumWait)} | 1 s–24 h |" },
        { "throttling", $"| `LockoutThreshold` | {Options.TotpThrottle.LockoutThreshold} for codes of an app, " },
        { "throttling", $" for codes of an app, {Throttle.LockoutThreshold} for recovery codes | 1–100 |" },
        { "throttling", $"| `FailureAllowance` | {Throttle.FailureAllowance} | 1–1000 |" },
        { "throttling", $"has {GuessesAYear} guesses at {StepsAtOnce} codes in {Codes:N0}: a chance of {Chance * 100:0.0} %" },
        { "protection", "32 bytes; ids of 1–64 characters" },
        { "protection", $"(`StepUpAge`, {Text(Options.StepUpAge)})" },
    };

    // The last value inside the range may be set, the first one outside may not.
    public static TheoryData<string, Action<MfaOptions>, Action<MfaOptions>> Ranges => new()
    {
        { "Digits", o => o.Digits = 8, o => o.Digits = 9 },
        { "PastSteps", o => o.PastSteps = 2, o => o.PastSteps = 3 },
        { "FutureSteps", o => o.FutureSteps = 1, o => o.FutureSteps = 2 },
        { "MaximumAuthenticators", o => o.MaximumAuthenticators = 5, o => o.MaximumAuthenticators = 6 },
        { "EnrollmentLifetime", o => o.EnrollmentLifetime = TimeSpan.FromHours(1), o => o.EnrollmentLifetime = TimeSpan.FromHours(1.1) },
        { "EnrollmentTries", o => o.EnrollmentTries = 10, o => o.EnrollmentTries = 11 },
        { "StepUpAge", o => o.StepUpAge = TimeSpan.FromHours(1), o => o.StepUpAge = TimeSpan.FromHours(1.1) },
        { "Recovery.Count", o => o.Recovery.Count = 16, o => o.Recovery.Count = 17 },
        { "TotpThrottle.FreeFailures", o => o.TotpThrottle.FreeFailures = 100, o => o.TotpThrottle.FreeFailures = 101 },
        {
            "TotpThrottle.FirstWait",
            o => o.TotpThrottle.FirstWait = TimeSpan.FromHours(1),
            o => o.TotpThrottle.FirstWait = TimeSpan.FromHours(1.1)
        },
        {
            "TotpThrottle.MaximumWait",
            o => o.TotpThrottle.MaximumWait = TimeSpan.FromHours(24),
            o => o.TotpThrottle.MaximumWait = TimeSpan.FromHours(25)
        },
        { "TotpThrottle.LockoutThreshold", o => o.TotpThrottle.LockoutThreshold = 100, o => o.TotpThrottle.LockoutThreshold = 101 },
        { "TotpThrottle.FailureAllowance", o => o.TotpThrottle.FailureAllowance = 1000, o => o.TotpThrottle.FailureAllowance = 1001 },
        {
            "TotpThrottle.AllowanceRegainInterval",
            o => o.TotpThrottle.AllowanceRegainInterval = TimeSpan.FromDays(30),
            o => o.TotpThrottle.AllowanceRegainInterval = TimeSpan.FromDays(31)
        },
        { "Recovery.HashConcurrency", o => o.Recovery.HashConcurrency = 64, o => o.Recovery.HashConcurrency = 65 },
        { "Recovery.HashQueueLength", o => o.Recovery.HashQueueLength = 10_000, o => o.Recovery.HashQueueLength = 10_001 },
        {
            "Recovery.MaximumHashWait",
            o => o.Recovery.MaximumHashWait = TimeSpan.FromMinutes(1),
            o => o.Recovery.MaximumHashWait = TimeSpan.FromHours(1)
        },
    };

    // "m=19456,t=2,p=1" as the page writes it.
    private static string Cost(IRecoveryCodeHasher hasher) =>
        hasher.CreateSettings().Split('$')[3].Replace(",t", " KiB,t", StringComparison.Ordinal).Replace(",", ", ");

    private static int StepsAtOnce => Options.PastSteps + 1 + Options.FutureSteps;

    private static double Codes => Math.Pow(10, Options.Digits);

    private static double Chance => GuessesAYear * StepsAtOnce / Codes;

    private static double GuessesAYear => Throttle.FailureAllowance + TimeSpan.FromDays(365) / Throttle.AllowanceRegainInterval;

    [Theory]
    [MemberData(nameof(Defaults))]
    public void ConceptPage_Figure_IsThatOfTheLibrary(string page, string expected) =>
        Assert.Contains(expected, Repository.Read($"docs/concepts/{page}.md").ReplaceLineEndings(" "), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ranges), DisableDiscoveryEnumeration = true)]
    public void ConceptPage_Range_EndsWhereThePageSays(string setting, Action<MfaOptions> inside, Action<MfaOptions> outside)
    {
        var options = new MfaOptions { Issuer = "Callroute" };
        inside(options);
        Assert.Empty(options.Validate());

        outside(options);
        Assert.Contains(options.Validate(), error => error.StartsWith($"MfaOptions.{setting} must be ", StringComparison.Ordinal));
    }

    [Fact]
    public void HashConcurrency_Default_IsAsThePageSays() =>
        Assert.Equal(Math.Min(Environment.ProcessorCount, 4), Options.Recovery.HashConcurrency);

    [Fact]
    public async Task ProtectedSecret_HasNonceAndTag_OfTheirSizes()
    {
        using var keys = Setting.NewRing("k1");

        ISecretProtector protector = new AesGcmSecretProtector(keys);

        var secret = await protector.ProtectAsync(new byte[20], new byte[1], TestContext.Current.CancellationToken);

        // Version, length of the key's id, the id, nonce, secret, tag.
        Assert.Equal(1 + 1 + "k1".Length + 96 / 8 + 20 + 128 / 8, secret.Length);
    }

    private static int SizeOf(OtpAlgorithm algorithm)
    {
        using var secret = SharedSecret.Generate(algorithm);
        return secret.Size;
    }

    // As the tables write it: hours, minutes where they are as many as ten, else seconds.
    private static string Text(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{time.TotalHours:0} h",
        { TotalMinutes: >= 10 } => $"{time.TotalMinutes:0} min",
        _ => $"{time.TotalSeconds:0} s",
    };
}
