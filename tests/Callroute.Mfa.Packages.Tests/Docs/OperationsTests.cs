using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.AspNetCore.Pages;
using Callroute.Mfa.Packages.Tests.Docs.Snippets;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using static Callroute.Mfa.Packages.Tests.Docs.Setting;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>docs/operations.md is complete, and the steps of its runbook work.</summary>
public sealed partial class OperationsTests
{
    [GeneratedRegex("(?:(?:ChangeOperation<\\w+>|ProvedChange|IssuingChange)\\(\"|MfaSpan\\.Start\\(\"mfa\\.)(\\w+)\"")]
    private static partial Regex TraceName { get; }

    private static readonly string Text = Repository.Read("docs/operations.md");

    public static TheoryData<string> Named =>
    [
        .. Enum.GetNames<MfaEventKind>(), .. Enum.GetNames<RefusalReason>(), .. Enum.GetNames<UserMessage>(),
        .. Enum.GetNames<MfaChangeOutcome>(), .. Enum.GetNames<SignInRequirement>(),
    ];

    [Theory]
    [MemberData(nameof(Named))]
    public void Page_EveryEventReasonMessageAndOutcome_IsNamed(string name) =>
        Assert.Contains($"`{name}`", Text, StringComparison.Ordinal);

    [Fact]
    public async Task Page_EveryMetric_IsNamedWithItsUnit()
    {
        // The instruments are there after the first use.
        await new Setting().VerifyAsync("no code");
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => instruments.AddRange(instrument.Meter.Name == "Callroute.Mfa" ? [instrument] : []),
        };
        listener.Start();

        Assert.NotEmpty(instruments);
        Assert.All(instruments, i => Assert.Contains($"| `{i.Name}` | {i.Unit} |", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_EveryLogLine_IsNamed()
    {
        var messages = new[] { typeof(MfaSignIn).Assembly, typeof(MfaPage).Assembly, typeof(RedisMfaStore).Assembly }
            .SelectMany(assembly => assembly.GetTypes().Where(type => type.Name == "Log"))
            .SelectMany(log => log.GetMethods().Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message))
            .OfType<string>()
            .Distinct()
            .ToArray();

        Assert.Equal(16, messages.Length);
        Assert.All(messages, message => Assert.Contains($"`{message}`", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_EveryTrace_IsNamed()
    {
        var names = Directory.GetFiles(Path.Combine(Repository.Root, "src/Callroute.Mfa.Core/Operations"))
            .SelectMany(file => TraceName.Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToArray();

        Assert.Equal(16, names.Length);
        Assert.All(names, name => Assert.Contains($"`mfa.{name}`", Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MfaEventKind.Accepted, "Information")]
    [InlineData(MfaEventKind.Replayed, "Warning")]
    [InlineData(MfaEventKind.ClockBehind, "Warning")]
    [InlineData(MfaEventKind.ThrottlingStarted, "Warning")]
    [InlineData(MfaEventKind.FactorLockedOut, "Warning")]
    [InlineData(MfaEventKind.Disabled, "Warning")]
    [InlineData(MfaEventKind.AllowanceUsedUp, "Warning")]
    [InlineData(MfaEventKind.Unlocked, "Warning")]
    [InlineData(MfaEventKind.AuthenticatorRenamed, "Information")]
    [InlineData(MfaEventKind.BrowserRemembered, "Information")]
    [InlineData(MfaEventKind.RememberedBrowserAccepted, "Information")]
    [InlineData(MfaEventKind.KnownDevicesRevoked, "Information")]
    [InlineData(MfaEventKind.Reset, "Warning")]
    [InlineData(MfaEventKind.Erased, "Information")]
    public void Page_LevelOfAnEvent_IsTheLibrarys(MfaEventKind kind, string level)
    {
        var levelOf = typeof(MfaSignIn).Assembly.GetType("Callroute.Mfa.AspNetCore.MfaEventLog")!
            .GetMethod("LevelOf", BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal(level, $"{levelOf.Invoke(null, [kind])}");
        var row = Text.Split('\n').Single(line => line.StartsWith($"| `{kind}` | ", StringComparison.Ordinal) && line.Count('|') == 5);
        Assert.Contains($"| {level} |", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenTelemetry_SetUp_ReceivesMetricsAndTraces()
    {
        var metrics = new List<Metric>();
        using var traces = new TraceNames();
        var builder = WebApplication.CreateBuilder();
        Observation.AddOpenTelemetry(builder);
        builder.Services.ConfigureOpenTelemetryMeterProvider(provider => provider.AddInMemoryExporter(metrics));
        builder.Services.ConfigureOpenTelemetryTracerProvider(provider => provider.AddProcessor(traces));
        await using var app = builder.Build();
        app.Services.GetRequiredService<TracerProvider>();
        var meter = app.Services.GetRequiredService<MeterProvider>();

        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        await setting.VerifyAsync(phone.GetCode());
        meter.ForceFlush();

        Assert.Contains("callroute.mfa.verifications", metrics.Select(metric => metric.Name));
        Assert.Contains("mfa.verify", traces.Names);
        Assert.All(traces.Names.Distinct(), name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LockedOutUser_Reset_EnrolsAnewAndNothingElse()
    {
        var setting = new Setting();
        await setting.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.Succeeded, await Incidents.ResetAsync(setting.Mfa, Alice));

        var requirement = await setting.Mfa.GetSignInRequirementAsync(
            Alice, MfaPolicy.Optional, isEnrolled: true, TestContext.Current.CancellationToken);
        Assert.Equal(SignInRequirement.EnrollmentRequired, requirement);
    }

    [Fact]
    public async Task LockedOutUser_Unlock_MayTryAgain()
    {
        var setting = new Setting();
        var (phone, _) = await setting.EnrollAsync();
        for (var i = 0; i < 20; i++)
        {
            setting.Clock.Advance((await setting.VerifyAsync(setting.WrongCode(phone))).UserMessage == UserMessage.UseAnotherWay
                ? TimeSpan.Zero
                : TimeSpan.FromHours(1));
        }

        var lockedOut = await setting.VerifyAsync(phone.GetCode());
        var unlocked = await Incidents.UnlockAsync(setting.Mfa, Alice);

        Assert.Equal((RefusalReason.LockedOut, MfaChangeOutcome.Succeeded), (lockedOut.Reason, unlocked));
        Assert.True((await setting.VerifyAsync(phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task StolenKeys_ResetAll_ReachesEverybody()
    {
        var setting = new Setting();
        await setting.EnrollAsync();

        await Incidents.ResetAllAsync(setting.Mfa, (IMfaStoreScan)setting.Store);

        Assert.False((await setting.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task LostKey_EveryCode_IsUnavailableUntilTheKeyIsBackOrAReset()
    {
        var setting = new Setting();
        var (phone, code) = await setting.EnrollAsync();
        var node = setting.NewService(new AesGcmSecretProtector(NewRing("k2")));

        var totp = await setting.VerifyAsync(phone.GetCode(), node: node);
        var recovery = await setting.VerifyAsync(code, node: node);
        var failures = (await setting.StatusAsync()).RecoveryOnUnknownDevices.ConsecutiveFailures;
        var back = await setting.VerifyAsync(code);
        await node.ResetAsync(Alice, "the key is lost", cancellationToken: TestContext.Current.CancellationToken);
        var offer = await node.BeginEnrollmentAsync(
            Alice, "alice@example.com", signedInAt: setting.Clock.GetUtcNow(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((RefusalReason.Unavailable, RefusalReason.Unavailable, 0), (totp.Reason, recovery.Reason, failures));
        Assert.True(back.Succeeded);
        Assert.True(offer.Succeeded);
    }

    // Other tests trace at the same time, so the names are in a collection that allows concurrent reads.
    private sealed class TraceNames : BaseProcessor<Activity>
    {
        public ConcurrentQueue<string> Names { get; } = new();

        public override void OnEnd(Activity data) => Names.Enqueue(data.OperationName);
    }
}
