using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Every default, range and figure of the guides is what the library has.</summary>
public sealed class NumberTests
{
    private static readonly MfaOptions Options = new() { Issuer = "Callroute" };

    private static readonly ThrottlePolicy Policy = new();

    public static TheoryData<string, string> Defaults => new()
    {
        { "codes-and-windows", $"| `Parameters.Digits` | {Options.Parameters.Digits} |" },
        { "codes-and-windows", $"| `Parameters.Period` | {Text(Options.Parameters.Period)} | {TotpParameters.MinimumPeriod.TotalSeconds:0}–{Text(TotpParameters.MaximumPeriod)} |" },
        { "codes-and-windows", $"| `Window` | {Options.Window.Past} step back, {Options.Window.Future} forward |" },
        { "codes-and-windows", $"at most {Text(Options.Parameters.Period * StepsAtOnce)}, and a guess hits one of {StepsAtOnce} codes in {Math.Pow(10, Options.Parameters.Digits):N0}" },
        { "enrollment", $"| `MaximumAuthenticators` | {Options.MaximumAuthenticators} | 1–5 |" },
        { "enrollment", $"| `EnrollmentLifetime` | {Text(Options.EnrollmentLifetime)} | 1 min–1 h |" },
        { "enrollment", $"| `EnrollmentTries` | {Options.EnrollmentTries} | 1–10 |" },
        { "enrollment", $"| `StepUpAge`, of a receipt as proof | {Text(Options.StepUpAge)} | 1 min–1 h |" },
        { "enrollment", $"| secret | {SizeOf(OtpAlgorithm.Sha1)} bytes for SHA-1, {SizeOf(OtpAlgorithm.Sha256)} for SHA-256, {SizeOf(OtpAlgorithm.Sha512)} for SHA-512 |" },
        { "enrollment", $"at most {Options.StepUpAge.TotalMinutes:0} minutes old" },
        { "recovery", $"has {RecoveryCode.Length} characters ({RecoveryCode.Length * 5} bits)" },
        { "recovery", $"| `Recovery.Count` | {Options.Recovery.Count} | 1–16 |" },
        { "recovery", $"| `Recovery.RegenerateOnUse` | {(Options.Recovery.RegenerateOnUse ? "true" : "false")} |" },
        { "recovery", $"| Argon2id | m={Argon2Parameters.Default.Memory} KiB, t={Argon2Parameters.Default.Iterations}, p={Argon2Parameters.Default.Parallelism} | m ≤ {Argon2Parameters.MaximumMemory}, t ≤ {Argon2Parameters.MaximumIterations}, p ≤ {Argon2Parameters.MaximumParallelism} |" },
        { "recovery", $"| {Options.RecoveryThrottle.SuspendAt} wrong codes in a row |" },
        { "throttling", $"| `FreeFailures` | {Policy.FreeFailures} | 1–100 |" },
        { "throttling", $"| `FirstWait` | {Text(Policy.FirstWait)} | 1 s–1 h |" },
        { "throttling", $"| `MaximumWait` | {Text(Policy.MaximumWait)} | 1 s–24 h |" },
        { "throttling", $"| `SuspendAt` | {ThrottlePolicy.Totp.SuspendAt} for codes of an app, {ThrottlePolicy.Recovery.SuspendAt} for recovery codes | 1–100 |" },
        { "throttling", $"| `BudgetSize` | {Policy.BudgetSize} | 1–1000 |" },
        { "throttling", $"has {GuessesAYear} guesses at {StepsAtOnce} codes in {Math.Pow(10, Options.Parameters.Digits):N0}: a chance of {GuessesAYear * StepsAtOnce / 1e4:0.0} %" },
        { "protection", $"{KeyRing.KeySize} bytes; ids of 1–{KeyRing.MaximumIdLength} characters" },
        { "protection", $"(`StepUpAge`, {Text(Options.StepUpAge)})" },
    };

    // What is just inside may be set, and what is just outside may not.
    public static TheoryData<string, Action, Action> Ranges => new()
    {
        { "Digits", () => _ = new TotpParameters { Digits = 8 }, () => _ = new TotpParameters { Digits = 9 } },
        { "Window", () => _ = Options with { Window = new TimeWindow(2, 1) }, () => _ = Options with { Window = new TimeWindow(2, 2) } },
        { "MaximumAuthenticators", () => _ = Options with { MaximumAuthenticators = 5 }, () => _ = Options with { MaximumAuthenticators = 6 } },
        { "EnrollmentLifetime", () => _ = Options with { EnrollmentLifetime = TimeSpan.FromHours(1) }, () => _ = Options with { EnrollmentLifetime = TimeSpan.FromHours(1.1) } },
        { "EnrollmentTries", () => _ = Options with { EnrollmentTries = 10 }, () => _ = Options with { EnrollmentTries = 11 } },
        { "StepUpAge", () => _ = Options with { StepUpAge = TimeSpan.FromHours(1) }, () => _ = Options with { StepUpAge = TimeSpan.FromHours(1.1) } },
        { "Count", () => _ = new RecoveryOptions { Count = 16 }, () => _ = new RecoveryOptions { Count = 17 } },
        { "FreeFailures", () => _ = Policy with { FreeFailures = 100 }, () => _ = Policy with { FreeFailures = 101 } },
        { "FirstWait", () => _ = Policy with { FirstWait = TimeSpan.FromHours(1) }, () => _ = Policy with { FirstWait = TimeSpan.FromHours(1.1) } },
        { "MaximumWait", () => _ = Policy with { MaximumWait = TimeSpan.FromHours(24) }, () => _ = Policy with { MaximumWait = TimeSpan.FromHours(25) } },
        { "SuspendAt", () => _ = Policy with { SuspendAt = 100 }, () => _ = Policy with { SuspendAt = 101 } },
        { "BudgetSize", () => _ = Policy with { BudgetSize = 1000 }, () => _ = Policy with { BudgetSize = 1001 } },
        { "BudgetRefill", () => _ = Policy with { BudgetRefill = TimeSpan.FromDays(30) }, () => _ = Policy with { BudgetRefill = TimeSpan.FromDays(31) } },
    };

    private static int StepsAtOnce => Options.Window.Past + 1 + Options.Window.Future;

    private static double GuessesAYear => Policy.BudgetSize + TimeSpan.FromDays(365) / Policy.BudgetRefill;

    [Theory]
    [MemberData(nameof(Defaults))]
    public void ConceptPage_Figure_IsTheLibrarys(string page, string expected) =>
        Assert.Contains(expected, Repository.Read($"docs/concepts/{page}.md").ReplaceLineEndings(" "), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ranges), DisableDiscoveryEnumeration = true)]
    public void ConceptPage_Range_EndsWhereThePageSays(string setting, Action inside, Action outside)
    {
        inside();

        Assert.Equal(setting, Assert.ThrowsAny<ArgumentException>(outside).ParamName);
    }

    [Fact]
    public void Gate_OfTheProcess_IsAsThePageSays() => Assert.Equal(Math.Min(Environment.ProcessorCount, 4), RecoveryHashGate.Shared.Concurrency);

    [Fact]
    public async Task ProtectedSecret_HasNonceAndTag_OfTheirSizes()
    {
        using var keys = Setting.NewRing("k1");

        var secret = await new AesGcmSecretProtector(keys).ProtectAsync(new byte[20], SecretContext.ForReceipt(Setting.Alice), TestContext.Current.CancellationToken);

        // Version, length of the key's id, the id, nonce, secret, tag.
        Assert.Equal(1 + 1 + "k1".Length + 96 / 8 + 20 + 128 / 8, secret.Length);
    }

    [Fact]
    public void Settings_OfAspNetCore_HaveTheSameDefaults()
    {
        var settings = new MfaSettings();

        Assert.Equal(
            (Options.Parameters.Digits, Options.Parameters.Period, Options.MaximumAuthenticators, Options.StepUpAge, Options.Recovery.Count, Options.TotpThrottle.SuspendAt),
            (settings.Digits, settings.Period, settings.MaximumAuthenticators, settings.StepUpAge, settings.RecoveryCodeCount, settings.TotpThrottle.SuspendAt));
    }

    [Fact]
    public async Task Events_KeptInTheRecord_AreTheLast32()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        for (var i = 0; i < 40; i++)
        {
            await setting.VerifyAsync(phone.GetCode());
            setting.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(32, (await setting.StatusAsync()).RecentEvents.Count);
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
