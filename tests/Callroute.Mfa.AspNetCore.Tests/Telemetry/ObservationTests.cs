using System.Net;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Telemetry;

public sealed class ObservationTests : SiteTest
{
    private readonly Listener _listener = new();

    [Fact]
    public async Task Log_WholeLife_HasEveryEventAndNoSecret()
    {
        await Browser.LogInAsync();
        var (phone, path) = await Browser.ScanAsync();
        var offer = await Browser.ReadAsync(path);
        var (uri, key) = (offer.GetProperty("uri").GetString()!, offer.GetProperty("manualEntryKey").GetString()!);
        var first = phone.GetCode();
        var recoveryCode = CodeIn(await Browser.SubmitAsync($"{path}/confirm", new { code = first }));
        await Browser.LogInAsync();
        var challenge = Browser.CookieNamed(Browser.ChallengeCookie)!;
        var replacement = CodeIn(await Browser.ReadAsync(await Browser.VerifyAsync(recoveryCode)));

        var log = string.Join('\n', Site.Log.Lines);

        Assert.Contains("Information MFA event AuthenticatorBound of user 'ann'", log, StringComparison.Ordinal);
        Assert.Contains("Information MFA event Accepted of user 'ann', tenant '', method RecoveryCode", log, StringComparison.Ordinal);
        string[] codes = [first, recoveryCode, Bare(recoveryCode), replacement];
        string[] secrets = [uri, key, Bare(key), "otpauth", challenge, "correct horse"];
        Assert.All([.. codes, .. secrets], secret => Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Log_EventsThatEndOrSpendTheProtection_AreWarnings()
    {
        Site.Set("Callroute:Mfa:TotpThrottle:FailureAllowance", "1");
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsync();
        await Other.VerifyAsync(Browser.WrongCodeFor(phone));
        await Site.Mfa.UnlockAsync(Ann, "identity checked", Token);

        Assert.All(["AllowanceUsedUp", "Unlocked"], kind => Assert.Contains(
            Site.Log.Lines, line => line.StartsWith($"Warning MFA event {kind} of user 'ann'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Listeners_OneThatThrows_TheOthersAreCalledAndTheAnswerStands()
    {
        Site.Add(services => services.AddSingleton<IMfaEventListener, BrokenListener>().AddSingleton<IMfaEventListener>(_listener));

        await Browser.EnrollAsync();

        Assert.Contains((Ann, MfaEventKind.AuthenticatorBound), _listener.Events);
        const string Failure = "Error Listener BrokenListener of MFA event AuthenticatorBound failed: System.TimeoutException";
        Assert.Contains(Site.Log.Lines, line => line.StartsWith(Failure, StringComparison.Ordinal));
        Assert.DoesNotContain(Site.Log.Lines, line => line.Contains("a secret of the listener", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnEvent_SetByTheApplication_IsCalledAfterTheListeners()
    {
        List<(MfaEventKind Kind, int Before)> events = [];
        Site.Add(services => services.AddSingleton<IMfaEventListener>(_listener));
        Site.Add(services => services.Configure<MfaOptions>(options => options.OnEvent = (_, happened) =>
        {
            events.Add((happened.Kind, _listener.Events.Count));
            return ValueTask.CompletedTask;
        }));

        await Browser.EnrollAsync();

        Assert.Equal(_listener.Events.Select((happened, i) => (happened.Kind, i + 1)), events);
        Assert.Contains(events, happened => happened.Kind == MfaEventKind.AuthenticatorBound);
    }

    [Fact]
    public async Task Health_StoreAnswersOrNot_IsReported()
    {
        Assert.Equal("Healthy", await (await Browser.GetAsync("/health")).Content.ReadAsStringAsync(Token));
        Site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Browser.GetStatusAsync("/health"));
        Assert.Equal("Healthy", await (await Browser.GetAsync("/health")).Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Health_NodeWithOtherKeys_IsReported()
    {
        using var keys = new KeyRing("other", new Dictionary<string, byte[]> { ["other"] = new byte[32] });
        var options = new MfaOptions { Issuer = "Other" };
        var other = new MfaService(Site.Store, new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), options);
        await other.CheckKeysAsync(Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Browser.GetStatusAsync("/health"));
    }

    private static string CodeIn(System.Text.Json.JsonElement answer) =>
        answer.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString()!;

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private sealed class Listener : IMfaEventListener
    {
        public List<(MfaSubject Subject, MfaEventKind Kind)> Events { get; } = [];

        public ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened)
        {
            Events.Add((subject, happened.Kind));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class BrokenListener : IMfaEventListener
    {
        public ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened) => throw new TimeoutException("a secret of the listener");
    }
}
