using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Administration;

/// <summary>Bob is an administrator.</summary>
public sealed class AdministrationTests : SiteTest
{
    private const string Origin = "https://app.example.com";
    private const string Reason = "Called back at the number on file, ticket 4712";

    private static readonly string[] Paths = ["find", "status", "history", "unlock", "reset"];

    private readonly People _users = new();
    private string _policy = "administrator";
    private Action<ClaimsPrincipal> _transform = _ => { };

    public AdministrationTests()
    {
        Site.Add(services =>
        {
            services.AddSingleton<IMfaUsers>(_users).AddSingleton<IClaimsTransformation>(new Transformation(user => _transform(user)));
            // <policy>
            services.AddAuthorizationBuilder().AddPolicy(
                "administrator", policy => policy.RequireClaim("role", "administrator").RequireRecentMfa(TimeSpan.FromMinutes(15)));
            // </policy>
        });
        Site.Map(endpoints =>
        {
            endpoints.MapMfaAdministration("/administration", _policy);
            // A page of the application that forgot its policy.
            endpoints.MapPost("/page/{id}", async Task<IResult> (HttpContext context, MfaService mfa, string id, string? reason) =>
                await context.AdministerMfaAsync(
                    "administrator", new(id), "reset", reason, user => mfa.ResetAsync(user, $"bob: {reason}"))
                is { } refused ? refused : Results.NoContent());
        });
    }

    /// <summary>Ann enrols in the other browser. Bob enrols and signs in.</summary>
    private async Task<VirtualAuthenticator> SignInAsync()
    {
        var (ann, _) = await Other.EnrollAsync();
        await Browser.LogInAsBobAsync();
        await Browser.BindAsync();
        return ann;
    }

    private Task<HttpResponseMessage> PostAsync(string path, object? body = null) => Browser.PostAsync($"/administration/{path}", body);

    private Task<string?> FailAsync(HttpStatusCode expected, string path, object? body = null) =>
        Browser.FailAsync(expected, $"/administration/{path}", body);

    [Fact]
    public async Task Endpoints_NoAdministratorOrNotVerifiedOrAnotherSite_AreRefused()
    {
        await SignInAsync();
        foreach (var path in Paths)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Open().PostStatusAsync($"/administration/{path}"));
            Assert.Equal(HttpStatusCode.Forbidden, await Other.PostStatusAsync($"/administration/{path}"));
            Assert.Contains("no-store", (await PostAsync(path)).Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        using var crossSite = await SendAsync(HttpMethod.Post, "cross-site");
        using var sameOrigin = await SendAsync(HttpMethod.Post, "same-origin");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (crossSite.StatusCode, sameOrigin.StatusCode));
        Site.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("find")).StatusCode);
    }

    // Only the JSON endpoints of users are for listed origins and bearer tokens: here the cookies may be the administrator's.
    [Theory]
    [InlineData(true, null)]
    [InlineData(true, "Bearer x")]
    [InlineData(false, "Bearer x")]
    public async Task Find_AnotherOriginWithTheCookiesOfTheAdministrator_IsRefused(bool isListed, string? authorization)
    {
        Site.Set("Callroute:MfaSignIn:AllowedOrigins:0", isListed ? Origin : "https://other.example.com");
        Site.Add(services => services.PostConfigure<CorsOptions>(
            cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(Origin).AllowAnyHeader().AllowCredentials())));
        await SignInAsync();

        using var refused = await SendAsync(HttpMethod.Post, "same-site", Origin, authorization);
        using var preflight = await SendAsync(HttpMethod.Options, "same-site", Origin, authorization);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("example.com", "ann,bob")]
    [InlineData("nobody", "")]
    [InlineData("", "")]
    [InlineData("\0", "")]
    public async Task Find_IdOrText_GivesTheUsersOfTheApplication(string text, string expected)
    {
        await SignInAsync();

        var found = await Browser.ReadAsync(await PostAsync("find", new { text }));

        Assert.Equal(expected, string.Join(',', found.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("userId"))));
    }

    [Fact]
    public async Task Unlock_LockedOutUser_EndsItAndTheHistoryHasTheReason()
    {
        Site.Set("Callroute:Mfa:TotpThrottle:LockoutThreshold", "2");
        var phone = await SignInAsync();
        for (var failure = 0; failure < 2; failure++)
        {
            await Site.Mfa.VerifyAsync(Ann, Browser.WrongCodeFor(phone), Site.Mfa.BeginAttempt(), cancellationToken: Token);
        }

        Assert.True((await StatusAsync()).GetProperty("appOnUnknownDevices").GetProperty("isLockedOut").GetBoolean());

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync("unlock", new { userId = "ann", reason = Reason })).StatusCode);

        Assert.False((await StatusAsync()).GetProperty("appOnUnknownDevices").GetProperty("isLockedOut").GetBoolean());
        var history = await Browser.ReadAsync(await PostAsync("history", new { userId = "ann" }));
        var newest = history.GetProperty("events")[0];
        Assert.Equal(("Unlocked", Reason), (newest.GetProperty("kind").GetString(), newest.GetProperty("reason").GetString()));
        Assert.Contains(
            Site.Log.Lines,
            line => line.Contains("Administrator 'bob', tenant '(null)', tried to unlock the MFA of user 'ann'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Reason)]
    [InlineData("Bug 4712, https://tickets.example.com/browse/ABC-4712 and support-ticket-2024-11-27-042.")]
    [InlineData("Отозвано по телефону, заявка ABC-4712 от 2024-11-27")]
    public async Task Reset_User_MustEnrolAgain(string reason)
    {
        await SignInAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync("reset", new { userId = "ann", reason })).StatusCode);

        Assert.False((await StatusAsync()).GetProperty("isEnabled").GetBoolean());
        Assert.Equal("EnrollmentRequired", await Other.LogInAsync());
    }

    [Theory]
    [InlineData("/administration/reset")]
    [InlineData("/page/ann?reason=Lost")]
    public async Task Reset_SessionsCannotBeEnded_IsUnavailableUntilARepeatedResetEndsThem(string path)
    {
        await SignInAsync();
        _users.IsBroken = true;

        var refused = await Browser.FailAsync(HttpStatusCode.ServiceUnavailable, path, new { userId = "ann", reason = Reason });

        Assert.Equal("urn:callroute:mfa:unavailable", refused);
        Assert.Contains(Site.Log.Lines, line => line.Contains("TimeoutException", StringComparison.Ordinal));
        _users.IsBroken = false;
        await PostAsync("unlock", new { userId = "ann", reason = Reason });
        Assert.Empty(_users.Ended);
        Assert.Equal(HttpStatusCode.NoContent, await Browser.PostStatusAsync(path, new { userId = "ann", reason = Reason }));
        Assert.Equal([Ann], _users.Ended);
    }

    [Fact]
    public async Task Reset_TheStoreFails_IsLoggedWithAnUnknownOutcome()
    {
        await SignInAsync();
        Site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);

        await FailAsync(HttpStatusCode.ServiceUnavailable, "reset", new { userId = "ann", reason = Reason });

        Assert.Contains(
            Site.Log.Lines,
            line => line.Contains("tried to reset the MFA of user 'ann'", StringComparison.Ordinal)
                && line.Contains("unknown outcome", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ann", "Lost phone", true, null)]
    [InlineData("ann", "Lost phone", false, "not-administrator")]
    [InlineData("ann", "", true, "reason-refused")]
    [InlineData("bob", "Lost phone", true, "own-account")]
    [InlineData("nobody", "Lost phone", true, "user-not-found")]
    public async Task Page_OfTheApplication_RefusesWhatTheEndpointsDo(string id, string reason, bool isAdministrator, string? refused)
    {
        await SignInAsync();
        var path = $"/page/{id}?reason={reason}";

        using var answer = await (isAdministrator ? Browser : Other).PostAsync(path);

        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal(refused is null, answer.IsSuccessStatusCode);
        Assert.Contains(refused ?? string.Empty, text, StringComparison.Ordinal);
        Assert.Equal(refused is not null, (await StatusAsync()).GetProperty("isEnabled").GetBoolean());
        Assert.Equal(
            refused is null ? "bob: Lost phone" : null,
            (await Browser.ReadAsync(await PostAsync("history", new { userId = "ann" }))).GetProperty("events")[0].GetProperty("reason")
                .GetString());
        Assert.Equal(refused is null, Site.Log.Lines.Any(line => line.Contains("tried to reset the MFA of", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" \u200B")]
    [InlineData("otpauth://totp/x?secret=AAAA")]
    [InlineData("they read 0123-4567-89ab-cdef-ghjk-mnpq to me")]
    [InlineData("they read 0123456789abcdefghjkmnpq to me")]
    [InlineData("they read 0123–4567–89ab–cdef–ghjk–mnpq to me")]
    [InlineData("they read 0123\u200B4567\u200B89ab\u200Bcdef\u200Bghjk\u200Bmnpq to me")]
    [InlineData("they read ０１２３－４５６７－８９ａｂ－ｃｄｅｆ－ｇｈｊｋ－ＭＮＰＱ to me")]
    [InlineData("they read ٠١٢٣-٤٥٦٧-٨٩ab-cdef-ghjk-mnpq to me")]
    [InlineData("they read \U0001D7CE\U0001D7CF\U0001D7D0\U0001D7D1-\U0001D7D2\U0001D7D3\U0001D7D4\U0001D7D5-abcd-efgh-jkmn-pqrs to me")]
    [InlineData("they read 0\u200B123\u115F4567\u034F89ab\u2800cdef\uFE0Fghjk\U000E0100mnpq to me")]
    [InlineData("they read 01234-56789-abcde-fghjk-mnpq to me")]
    [InlineData("they read 0123—4567—89ab—cdef—ghjk—mnpq to me")]
    [InlineData("too long")]
    public async Task Reset_ReasonMissingOrWithASecret_ChangesNothing(string? reason)
    {
        await SignInAsync();
        reason = reason == "too long" ? new string('x', 201) : reason;

        Assert.Equal(
            "urn:callroute:mfa:reason-refused", await FailAsync(HttpStatusCode.BadRequest, "reset", new { userId = "ann", reason }));

        Assert.True((await StatusAsync()).GetProperty("isEnabled").GetBoolean());
    }

    [Fact]
    public async Task Change_OwnAccountOrUnknownUser_IsRefused()
    {
        await SignInAsync();
        foreach (var path in new[] { "unlock", "reset" })
        {
            Assert.Equal(
                "urn:callroute:mfa:own-account",
                await FailAsync(HttpStatusCode.Forbidden, path, new { userId = "bob", reason = Reason }));
            Assert.Equal(
                "urn:callroute:mfa:user-not-found",
                await FailAsync(HttpStatusCode.NotFound, path, new { userId = "nobody", reason = Reason }));
        }

        await FailAsync(HttpStatusCode.NotFound, "reset", new { userId = "ann", tenant = "none here", reason = Reason });
        Assert.Null(await Site.Mfa.ExportAsync(new("ann", "none here"), Token));
        Assert.Null(await Site.Mfa.ExportAsync(new("nobody"), Token));
        await FailAsync(HttpStatusCode.NotFound, "status", new { userId = "nobody" });
    }

    // A policy of two schemes merges a cookie and a token, which may be of two users. The token may name its user in another claim.
    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    public async Task Reset_IdentitiesOfTwoUsers_IsRefused(string idClaim)
    {
        UseThePolicyOfARole();
        await SignInAsync();
        _transform = user => user.AddIdentity(new(
            [.. user.Claims.Where(claim => claim.Type != ClaimTypes.NameIdentifier), new(idClaim, "mallory")], "Bearer"));

        Assert.Equal(
            "urn:callroute:mfa:not-one-user", await FailAsync(HttpStatusCode.Forbidden, "reset", new { userId = "ann", reason = Reason }));
    }

    // The application does not return a user whom it has locked. The MFA of such a user is reset too.
    [Fact]
    public async Task Reset_UserWhoMayNotSignInOrUnreadableRecord_IsFoundAndReset()
    {
        await SignInAsync();
        _users.Locked = "ann";
        var found = (await Browser.ReadAsync(await PostAsync("find", new { text = "ann" }))).GetProperty("users")[0];
        Assert.Equal(("ann", null), (found.GetProperty("userId").GetString(), found.GetProperty("accountName").GetString()));
        Assert.True((await StatusAsync()).GetProperty("isEnabled").GetBoolean());
        var stored = await Site.Store.FindAsync(Ann, Token);
        await Site.Store.TryWriteAsync(Ann, "spoilt"u8.ToArray(), Guid.NewGuid(), stored!.Version, Token);

        Assert.Equal("urn:callroute:mfa:record-unreadable", await FailAsync(HttpStatusCode.Conflict, "status", new { userId = "ann" }));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync("reset", new { userId = "ann", reason = Reason })).StatusCode);

        Assert.False((await StatusAsync()).GetProperty("isEnabled").GetBoolean());
    }

    [Theory]
    [InlineData("a", "a", HttpStatusCode.OK)]
    [InlineData("a", null, HttpStatusCode.OK)]
    [InlineData("a", "b", HttpStatusCode.NotFound)]
    [InlineData(null, "b", HttpStatusCode.OK)]
    public async Task Status_Tenants_AnAdministratorOfOneReachesOnlyThat(string? own, string? named, HttpStatusCode expected)
    {
        Site.Set("Callroute:MfaSignIn:TenantClaim", "tenant");
        _transform = user => ((ClaimsIdentity)user.Identity!).AddClaims(own is null ? [] : [new("tenant", own)]);
        await SignInAsync();

        Assert.Equal(expected, (await PostAsync("status", new { userId = "ann", tenant = named })).StatusCode);
    }

    // Without its tenant the administrator would reach every tenant, and reset their own account.
    [Fact]
    public async Task Status_TenantInAnotherIdentity_IsRefused()
    {
        Site.Set("Callroute:MfaSignIn:TenantClaim", "tenant");
        UseThePolicyOfARole();
        await SignInAsync();
        _transform = user => user.AddIdentity(new([new("tenant", "a")]));

        Assert.Equal(
            "urn:callroute:mfa:not-one-user", await FailAsync(HttpStatusCode.Forbidden, "status", new { userId = "ann", tenant = "b" }));
    }

    [Theory]
    [InlineData("missing", "there is no authorization policy 'missing'")]
    [InlineData(" ", "(Parameter 'policy')")]
    [InlineData("administrator", "MapMfaAdministration was called twice")]
    public void Start_PolicyMissingOrMappedTwice_StopsIt(string policy, string expected)
    {
        _policy = policy;
        if (policy == "administrator")
        {
            Site.Map(endpoints => endpoints.MapMfaAdministration("/other", policy));
        }

        var exception = Assert.ThrowsAny<Exception>(() => Site.Services);

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("administrator", false)]
    [InlineData("role", true)]
    public async Task Start_PolicyWithoutMfa_IsWarnedOf(string policy, bool isWarned)
    {
        UseThePolicyOfARole();
        _policy = policy;
        await Browser.LogInAsync();

        Assert.Equal(
            isWarned, Site.Log.Lines.Any(line => line.Contains($"The policy '{policy}' lets administrators", StringComparison.Ordinal)));
    }

    /// <summary>Lets in administrators by a policy that says nothing of MFA.</summary>
    private void UseThePolicyOfARole()
    {
        Site.Add(services => services.AddAuthorizationBuilder().AddPolicy("role", role => role.RequireClaim("role")));
        _policy = "role";
    }

    private async Task<JsonElement> StatusAsync() => await Browser.ReadAsync(await PostAsync("status", new { userId = "ann" }));

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string site, string? origin = null, string? authorization = null) =>
        Browser.SendAsync(
            method,
            "/administration/find",
            ("Sec-Fetch-Site", site), ("Origin", origin), ("Authorization", authorization), ("Access-Control-Request-Method", "POST"));

    /// <summary>Changes the principal of the administrator at every request.</summary>
    private sealed class Transformation(Action<ClaimsPrincipal> change) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            if (principal.HasClaim("role", "administrator"))
            {
                change(transformed);
            }

            return Task.FromResult(transformed);
        }
    }

    /// <summary>The table of users, who are the same in each tenant.</summary>
    private sealed class People : IMfaUsers
    {
        private readonly ConcurrentDictionary<string, bool> _isEnrolled = new() { ["ann"] = false, ["bob"] = false };

        /// <summary>The user who may not sign in.</summary>
        public string? Locked { get; set; }

        /// <summary>Whether sessions cannot be ended.</summary>
        public bool IsBroken { get; set; }

        /// <summary>The users whose sessions were ended.</summary>
        public ConcurrentBag<MfaSubject> Ended { get; } = [];

        public ValueTask AfterResetAsync(MfaSubject subject, CancellationToken cancellationToken = default)
        {
            Ended.Add(IsBroken ? throw new TimeoutException() : subject);
            return ValueTask.CompletedTask;
        }

        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
            new(subject.UserId == Locked || !_isEnrolled.TryGetValue(subject.UserId, out var isEnrolled) ? null : new MfaUser
            {
                AccountName = $"{subject.UserId}@example.com",
                Policy = MfaPolicy.Optional,
                IsEnrolled = isEnrolled,
                Claims = subject.UserId == "bob" ? [new("role", "administrator")] : [],
            });

        public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
        {
            _isEnrolled[subject.UserId] = isEnrolled;
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<MfaSubject>> SearchAsync(
            string text, string? tenant, CancellationToken cancellationToken = default) =>
            new([.. _isEnrolled.Keys.Where(id => $"{id}@example.com".Contains(text, StringComparison.Ordinal)).Order()
                .Select(id => new MfaSubject(id, tenant))]);
    }
}
