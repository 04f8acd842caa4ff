using System.Net;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests;

public sealed class ObservationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_WholeLife_TellsEveryEventAndNoSecret()
    {
        using var site = new Site();
        using var browser = site.Open();
        await browser.LogInAsync();
        var offer = await Browser.ReadAsync(await browser.PostAsync("/mfa/enrollments"));
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, site.Clock);
        var first = phone.GetCode();
        var confirmed = await Browser.ReadAsync(await browser.PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = first }));
        var recoveryCode = confirmed.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString()!;
        await browser.LogInAsync();
        var challenge = browser.CookieNamed(Browser.ChallengeCookie)!;
        var recovered = await Browser.ReadAsync(await browser.VerifyAsync(recoveryCode));
        var replacement = recovered.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString()!;

        var log = string.Join('\n', site.Log.Lines);

        Assert.Contains("Information MFA event AuthenticatorBound of user 'ann'", log, StringComparison.Ordinal);
        Assert.Contains("Information MFA event Accepted of user 'ann', tenant '', method RecoveryCode", log, StringComparison.Ordinal);
        foreach (var secret in new[] { first, recoveryCode, replacement, recoveryCode.Replace("-", string.Empty, StringComparison.Ordinal), offer.GetProperty("uri").GetString()!, offer.GetProperty("manualEntryKey").GetString()!, offer.GetProperty("manualEntryKey").GetString()!.Replace(" ", string.Empty, StringComparison.Ordinal), "otpauth", challenge, "correct horse" })
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Listeners_OneThatThrows_TheOthersAreToldAndTheAnswerStands()
    {
        var told = new Listener();
        using var site = new Site(services => services.AddSingleton<IMfaEventListener, BrokenListener>().AddSingleton<IMfaEventListener>(told));
        using var browser = site.Open();

        await browser.EnrollAsync();

        Assert.Contains((new MfaSubject("ann"), MfaEventKind.AuthenticatorBound), told.Events);
        Assert.Contains(site.Log.Lines, line => line.StartsWith("Error Listener BrokenListener of MFA event AuthenticatorBound failed: System.TimeoutException", StringComparison.Ordinal));
        Assert.DoesNotContain(site.Log.Lines, line => line.Contains("a secret of the listener", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_StoreAnswersOrNot_IsTold()
    {
        using var site = new Site();
        using var browser = site.Open();

        Assert.Equal("Healthy", await (await browser.GetAsync("/health")).Content.ReadAsStringAsync(Token));
        site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);
        var unhealthy = await browser.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unhealthy.StatusCode);
        Assert.Equal("Healthy", await (await browser.GetAsync("/health")).Content.ReadAsStringAsync(Token));
    }

    private sealed class Listener : IMfaEventListener
    {
        public List<(MfaSubject, MfaEventKind)> Events { get; } = [];

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
