using System.Collections.Concurrent;
using System.Net;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

/// <summary>Sessions in a server-side store, whose cookie holds only a key.</summary>
public sealed class SessionStoreTests : SiteTest
{
    private readonly Tickets _tickets;

    public SessionStoreTests() => _tickets = new(Site.Clock);

    [Theory]
    [InlineData("password", false)]
    [InlineData("code", false)]
    [InlineData("code", true)]
    [InlineData("step-up", false)]
    [InlineData("step-up", true)]
    public async Task Session_KeyThatAThiefKnewBefore_IsRemovedAndNeverComesBack(string step, bool isForwarded)
    {
        UseStore(isForwarded);
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsBobAsync();
        await PlantAsync(step, phone.GetCode());
        var stolen = Browser.CookieNamed(Browser.SessionCookie)!;

        // More than half of the session's 20 minutes: the handler would extend it at the end of the response.
        Site.Clock.Advance(step == "code" ? TimeSpan.FromMinutes(9) : TimeSpan.FromMinutes(12));
        _ = step switch
        {
            "password" => await Browser.LogInAsBobAsync(),
            "code" => (await Browser.ReadAsync(await Browser.VerifyAsync(phone.GetCode()))).ToString(),
            _ => (await Browser.SubmitAsync("/mfa/step-up", new { code = phone.GetCode() })).ToString(),
        };

        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        using var thief = Open();
        thief.Keep(Browser.SessionCookie, stolen);
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.GetStatusAsync("/me"));
        Assert.NotEmpty(await Browser.ClaimsAsync("auth_time"));
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.GetStatusAsync("/me"));
        Assert.Equal(_tickets.Removed.Distinct(), _tickets.Removed);
    }

    // The response shows the new code. If it is lost, the browser still has the old key, and must be able to send the form again.
    [Fact]
    public async Task StepUp_ByARecoveryCode_KeepsTheKeyUntilTheNewCodeIsSaved()
    {
        UseStore(isForwarded: false);
        var (phone, code) = await Browser.EnrollAsync();
        await Browser.LogInAsync();
        await Browser.ReadAsync(await Browser.VerifyAsync(phone.GetCode()));
        using var before = Open();
        before.Keep(Browser.SessionCookie, Browser.CookieNamed(Browser.SessionCookie)!);

        var answer = await Browser.SubmitAsync("/mfa/step-up", new { code });
        var unsaved = await before.GetStatusAsync("/me");
        await Browser.SubmitAsync($"/mfa/recovery-codes/{answer.GetProperty("recoveryCodes").GetProperty("setId")}/acknowledge");
        Site.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, unsaved);
        Assert.Equal(HttpStatusCode.Unauthorized, await before.GetStatusAsync("/me"));
        Assert.NotEmpty(await Browser.ClaimsAsync("mfa_time"));
    }

    /// <summary>Puts a session that a thief knows into the browser.</summary>
    private async Task PlantAsync(string step, string code)
    {
        if (step == "password")
        {
            Browser.Keep(Browser.SessionCookie, Other.CookieNamed(Browser.SessionCookie)!);
            return;
        }

        await Browser.LogInAsync();
        if (step == "step-up")
        {
            await Browser.ReadAsync(await Browser.VerifyAsync(code));
            return;
        }

        Browser.Keep(Browser.SessionCookie, Other.CookieNamed(Browser.SessionCookie)!);
    }

    private void UseStore(bool isForwarded) => Site.Add(services =>
    {
        services.Configure<CookieAuthenticationOptions>(
            BareApp.Cookies, options => (options.SessionStore, options.ExpireTimeSpan) = (_tickets, TimeSpan.FromMinutes(20)));
        if (isForwarded)
        {
            services.AddAuthentication("Any").AddPolicyScheme("Any", null, options => options.ForwardDefault = BareApp.Cookies);
        }
    });

    /// <summary>Its reads may come from a replica that has not heard yet of a removal at the same instant.</summary>
    private sealed class Tickets(TimeProvider clock) : ITicketStore
    {
        private readonly ConcurrentDictionary<string, (AuthenticationTicket Ticket, DateTimeOffset? RemovedAt)> _tickets = new();

        public ConcurrentQueue<string> Removed { get; } = new();

        public Task<string> StoreAsync(AuthenticationTicket ticket)
        {
            var key = $"{Guid.NewGuid()}";
            _tickets[key] = (ticket, null);
            return Task.FromResult(key);
        }

        public Task RenewAsync(string key, AuthenticationTicket ticket)
        {
            _tickets[key] = (ticket, null);
            return Task.CompletedTask;
        }

        public Task<AuthenticationTicket?> RetrieveAsync(string key)
        {
            var found = _tickets.GetValueOrDefault(key);
            return Task.FromResult(found.RemovedAt is null || found.RemovedAt == clock.GetUtcNow() ? found.Ticket : null);
        }

        public Task RemoveAsync(string key)
        {
            Removed.Enqueue(key);
            _tickets[key] = (_tickets[key].Ticket, clock.GetUtcNow());
            return Task.CompletedTask;
        }
    }
}
