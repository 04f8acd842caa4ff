using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.Core.Tests.Flows;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Telemetry;

public sealed class TelemetryTests
{
    private readonly Scenario _scenario = new() { User = new MfaSubject($"canary-{Guid.NewGuid():N}") };

    [Fact]
    public async Task Meter_Verification_CountsMethodAndOutcome()
    {
        var measured = new ConcurrentBag<string>();
        using var listener = Listen(measured);
        var (phone, _) = await _scenario.EnrollAsync();

        await _scenario.VerifyAsync(phone.GetCode());
        await _scenario.VerifyAsync("x");

        Assert.Contains("callroute.mfa.verifications 1 method=Totp outcome=Accepted", measured);
        Assert.Contains("callroute.mfa.verifications 1 method=None outcome=Malformed", measured);
        Assert.Contains("callroute.mfa.changes 1 operation=confirm_enrollment outcome=Done", measured);
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
        Assert.DoesNotContain(_scenario.User.UserId, string.Join('\n', printed.Where(p => p.StartsWith("callroute.", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnEvent_Suspension_IsRaisedOnceWithTheFactor()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        await _scenario.FailAsync(20, () => _scenario.WrongCode(phone));

        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.FactorLockedOut, Method: MfaMethod.Totp });
        Assert.Equal(20, _scenario.Events.Count(e => e.Kind == MfaEventKind.Refused));
    }

    // Every flow, good and bad; whatever comes back is printed in every way there is.
    private async Task LiveAsync(ConcurrentBag<string> printed, List<string> secrets)
    {
        var mfa = _scenario.Mfa;
        var offer = await mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        using var phone = Testing.VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        secrets.AddRange([offer.Uri.Reveal(), offer.Uri.Secret.RevealBase32(), offer.ManualEntryKey!.Reveal(), phone.GetCode()]);
        var confirmed = await mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);
        secrets.AddRange(Codes(confirmed.RecoveryCodes));
        _scenario.NextCode();
        secrets.Add(phone.GetCode());
        var accepted = await _scenario.VerifyAsync(phone.GetCode());
        secrets.Add(accepted.Receipt!.Reveal());
        var proof = MfaProof.FromCode(phone.GetCode(), mfa.BeginAttempt());
        var recovered = await _scenario.VerifyAsync(confirmed.RecoveryCodes!.Reveal()[0]);
        secrets.AddRange(Codes(recovered.ReplacementRecoveryCodes));
        var regenerated = await mfa.RegenerateRecoveryCodesAsync(_scenario.User, MfaProof.FromReceipt(recovered.Receipt!), Scenario.Token);
        secrets.AddRange(Codes(regenerated.RecoveryCodes));
        object[] results =
        [
            offer, offer.Uri, offer.Uri.Secret, offer.ManualEntryKey, confirmed, confirmed.RecoveryCodes, confirmed.RecoveryCodes.Codes[0],
            accepted, accepted.Receipt, proof, recovered, regenerated, await _scenario.StatusAsync(), phone,
            await _scenario.VerifyAsync(phone.GetCode()), (await mfa.ExportAsync(_scenario.User, Scenario.Token))!,
            Record.Exception(() => Mfa.Provisioning.ProvisioningUri.Parse(offer.Uri.Reveal() + "&x=1"))!,
            Record.Exception(() => Mfa.Secrets.Base32.Decode(offer.Uri.Secret.RevealBase32() + "!"))!,
            _scenario.Options, _scenario.Protector,
        ];
        foreach (var result in results)
        {
            Print(result, printed);
        }
    }

    private static IEnumerable<string> Codes(IssuedRecoveryCodes? issued) =>
        issued!.Codes.SelectMany(code => new[] { code.Reveal(), code.Reveal().Replace("-", "", StringComparison.Ordinal) });

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
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "Callroute.Mfa")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => printed.Add(Line(instrument, value.ToString(CultureInfo.InvariantCulture), tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => printed.Add(Line(instrument, "seconds", tags)));
        listener.Start();
        return listener;
    }

    private static string Line(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', [instrument.Name, value, .. tags.ToArray().Select(t => $"{t.Key}={t.Value}")]);

    private static ActivityListener ListenToActivities(ConcurrentBag<string> printed)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Callroute.Mfa",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => printed.Add($"{activity.OperationName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
