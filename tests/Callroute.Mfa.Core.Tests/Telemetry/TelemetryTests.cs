using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Telemetry;

public sealed class TelemetryTests
{
    // Each prepares, then returns the operation. Its result is whether it succeeded, and its new recovery codes.
    private static readonly Dictionary<string, Func<Scenario, Task<Func<Task<(bool, IssuedRecoveryCodes?)>>>>> Operations = new()
    {
        ["app code"] = async scenario =>
        {
            var (phone, _) = await scenario.EnrollAsync();
            return async () => ((await scenario.VerifyAsync(phone.GetCode())).Succeeded, null);
        },
        ["recovery code"] = async scenario =>
        {
            var (_, codes) = await scenario.EnrollAsync();
            return async () => Of(await scenario.VerifyAsync(codes!.Reveal()[0]));
        },
        ["confirm"] = async scenario =>
        {
            var (offer, phone) = await scenario.BeginAndScanAsync();
            return async () => Of(await scenario.ConfirmAsync(offer, phone.GetCode()));
        },
        ["regenerate"] = async scenario =>
        {
            var (phone, _) = await scenario.EnrollAsync();
            return async () => Of(await scenario.RegenerateAsync(scenario.CodeOf(phone)));
        },
        ["reset"] = async scenario =>
        {
            await scenario.EnrollAsync();
            return async () => Of(await scenario.ResetAsync());
        },
    };

    private readonly Scenario _scenario = new() { User = new MfaSubject($"canary-{Guid.NewGuid():N}") };

    public static MatrixTheoryData<string, string> ThrowersAndOperations => new(Thrower.Kinds, Operations.Keys);

    [Fact]
    public async Task Meter_CodesAndChanges_CountsMethodAndOutcome()
    {
        var measured = new ConcurrentBag<string>();
        using var listener = Listen(measured);
        var (phone, _) = await _scenario.EnrollAsync();

        await _scenario.VerifyAsync(phone.GetCode());
        await _scenario.VerifyAsync("x");
        await _scenario.DisableAsync(_scenario.ProofOf(_scenario.WrongCode(phone)));

        Assert.Equal(
            [
                "callroute.mfa.verifications 1 method=None outcome=Malformed",
                "callroute.mfa.verifications 1 method=Totp outcome=Succeeded",
                "callroute.mfa.verifications 1 method=Totp outcome=WrongCode",
            ],
            measured.Where(line => line.StartsWith("callroute.mfa.verifications ", StringComparison.Ordinal)).Order());
        Assert.Contains("callroute.mfa.changes 1 operation=confirm_enrollment outcome=Succeeded", measured);
        Assert.Contains("callroute.mfa.events 1 kind=AuthenticatorBound", measured);
    }

    [Fact]
    public async Task Everything_ThatIsPrintedLoggedOrMeasured_HoldsNoSecretAndNoCode()
    {
        var printed = new ConcurrentBag<string>();
        using var meters = Listen(printed);
        using var activities = ListenToActivities(printed);
        var secrets = new List<string>();

        await LiveAsync(printed, secrets);

        Assert.NotEmpty(secrets);
        var all = string.Join('\n', printed);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
        Assert.All(
            printed.Where(line => line.StartsWith("callroute.", StringComparison.Ordinal)),
            line => Assert.DoesNotContain(_scenario.User.UserId, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnEvent_Lockout_IsRaisedOnceWithTheFactor()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        await _scenario.FailAsync(20, phone);

        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.FactorLockedOut, Method: MfaMethod.Totp });
        Assert.Equal(20, _scenario.Events.Count(e => e.Kind == MfaEventKind.Refused));
    }

    [Fact]
    public async Task OnEvent_ChangesThatAUserShouldHearOf_AreRaised()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(codes!.Reveal()[0]);
        await _scenario.DisableAsync(_scenario.CodeOf(phone));
        _scenario.SignedInAt = _scenario.Clock.GetUtcNow();
        await _scenario.EnrollAsync();
        await _scenario.ResetAsync("Phone stolen");
        await _scenario.EraseAsync();

        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.Reset, Reason: "Phone stolen" });
        Assert.All(
            [MfaEventKind.AuthenticatorBound, MfaEventKind.RecoveryCodesIssued, MfaEventKind.Disabled, MfaEventKind.Erased],
            kind => Assert.Contains(_scenario.Events, e => e.Kind == kind));
    }

    [Theory]
    [MemberData(nameof(ThrowersAndOperations))]
    public async Task Application_ThrowsAfterTheDecision_LosesNoAnswerAndNoCodes(string kind, string operation)
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var run = await Operations[operation](scenario);
        var before = (await store.FindAsync(scenario.User, Scenario.Token))!.Version;
        var conflicts = 1;
        store.OnWrite = write => conflicts-- > 0 ? new(false) : write();
        using var thrower = new Thrower();
        thrower.Add(kind, scenario);

        var (succeeded, codes) = await run();

        Assert.True(succeeded);
        Assert.NotEqual(0, thrower.Thrown);
        Assert.NotEqual(before, (await store.FindAsync(scenario.User, Scenario.Token))!.Version);
        Assert.True(codes is null || (await scenario.VerifyAsync(codes.Reveal()[0])).Succeeded);
    }

    [Theory]
    [InlineData("sampler")]
    [InlineData("start of a trace")]
    [InlineData("end of a trace")]
    public async Task Listener_Throws_IsCountedAsAFailureOfAHandler(string kind)
    {
        await _scenario.EnrollAsync();
        var measured = new ConcurrentBag<string>();
        using var listener = Listen(measured);
        using var thrower = new Thrower();
        thrower.Add(kind, _scenario);

        Assert.Equal(SignInRequirement.Required, await _scenario.RequirementAsync(isEnrolled: true));

        Assert.Equal(["callroute.mfa.event_handler.failures 1 error.type=System.OperationCanceledException"], measured);
    }

    [Fact]
    public async Task OnEnrolledChanged_CallbackThatThrows_IsCountedAtEveryOccasion()
    {
        var measured = new ConcurrentBag<string>();
        using var listener = Listen(measured);
        var scenario = _scenario.Beside(options => options.OnEnrolledChanged = (_, _) => throw new OperationCanceledException("No row."));

        await scenario.EnrollAsync();
        await scenario.RequirementAsync(isEnrolled: false);

        Assert.Equal(2, measured.Count(line => line.EndsWith(" error.type=System.OperationCanceledException", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OnEvent_SlowHandler_HoldsNoPermit()
    {
        var scenario = new Scenario(options => Scenario.OwnGate(options.Recovery, concurrency: 1, queueLength: 0));
        var (_, codes) = await scenario.EnrollAsync();
        var mail = new TaskCompletionSource();
        var slow = scenario.Beside();
        slow.OnEvent = _ => new ValueTask(mail.Task);
        var running = slow.VerifyAsync(Scenario.WrongRecoveryCode());

        var other = await scenario.VerifyAsync(codes!.Reveal()[0]);
        mail.SetResult();
        await running;

        Assert.True(other.Succeeded, other.ToString());
    }

    private static (bool, IssuedRecoveryCodes?) Of(VerificationResult result) => (result.Succeeded, result.ReplacementRecoveryCodes);

    private static (bool, IssuedRecoveryCodes?) Of(MfaChangeResult result) => (result.Succeeded, result.RecoveryCodes);

    // Runs every operation, and prints each result in every possible way.
    private async Task LiveAsync(ConcurrentBag<string> printed, List<string> secrets)
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        secrets.AddRange([offer.Uri!.Reveal(), offer.Uri.Secret.RevealBase32(), offer.Uri.RevealManualEntryKey(), phone.GetCode()]);
        var confirmed = await _scenario.ConfirmAsync(offer, phone.GetCode());
        secrets.AddRange(Codes(confirmed.RecoveryCodes));
        _scenario.NextCode();
        secrets.Add(phone.GetCode());
        var accepted = await _scenario.VerifyAsync(phone.GetCode());
        secrets.Add(accepted.Receipt!.Reveal());
        var proof = _scenario.CodeOf(phone);
        var recovered = await _scenario.VerifyAsync(confirmed.RecoveryCodes!.Reveal()[0]);
        secrets.AddRange(Codes(recovered.ReplacementRecoveryCodes));
        var regenerated = await _scenario.RegenerateAsync(MfaProof.FromReceipt(recovered.Receipt!));
        secrets.AddRange(Codes(regenerated.RecoveryCodes));
        object[] results =
        [
            offer, offer.Uri, offer.Uri.Secret, confirmed, confirmed.RecoveryCodes,
            accepted, accepted.Receipt, proof, recovered, regenerated, await _scenario.StatusAsync(), phone,
            await _scenario.VerifyAsync(phone.GetCode()), (await _scenario.ExportAsync())!,
            Record.Exception(() => Mfa.Provisioning.ProvisioningUri.Parse(offer.Uri.Reveal() + "&x=1"))!,
            Record.Exception(() => Mfa.Otp.Base32.Decode(offer.Uri.Secret.RevealBase32() + "!"))!,
            _scenario.Options, _scenario.Protector,
        ];
        foreach (var result in results)
        {
            Print(result, printed);
        }
    }

    private static IEnumerable<string> Codes(IssuedRecoveryCodes? issued) =>
        issued!.Reveal().SelectMany(code => new[] { code, code.Replace("-", "", StringComparison.Ordinal) });

    private static void Print(object value, ConcurrentBag<string> printed)
    {
        printed.Add(value.ToString()!);
        printed.Add(string.Format(CultureInfo.InvariantCulture, "{0}", value));
        if (value is not (Exception or MfaOptions))
        {
            printed.Add(JsonSerializer.Serialize(value, value.GetType()));
        }
    }

    private static MeterListener Listen(ConcurrentBag<string> printed)
    {
        // Other tests run at the same time and are measured too.
        var isHere = new AsyncLocal<bool> { Value = true };
        var listener = Thrower.NewMeterListener();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, "seconds", tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (isHere.Value)
            {
                printed.Add(Line(instrument, value, tags));
            }
        }
    }

    private static string Line(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', [instrument.Name, value, .. tags.ToArray().Select(t => $"{t.Key}={t.Value}")]);

    private static ActivityListener ListenToActivities(ConcurrentBag<string> printed)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Callroute.Mfa",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                printed.Add($"{activity.OperationName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
