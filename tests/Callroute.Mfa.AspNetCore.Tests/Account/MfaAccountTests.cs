using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Account;

public sealed class MfaAccountTests : SiteTest
{
    private const string Attempt = "0123456789abcdef0123456789abcdef";

    /// <summary>The endpoints that need a session with MFA, if the user must have it.</summary>
    private static readonly string[] Changes =
    [
        "/mfa/step-up", "/mfa/disable", "/mfa/recovery-codes", $"/mfa/recovery-codes/{Guid.Empty}/acknowledge",
        $"/mfa/authenticators/{Guid.Empty}/remove", $"/mfa/authenticators/{Guid.Empty}/rename",
        "/mfa/known-devices/revoke", $"/mfa/known-devices/{Guid.Empty}/revoke",
    ];

    [Fact]
    public async Task Enrollment_First_ShowsQrCodeAndKeyAndThenOneRecoveryCode()
    {
        await Browser.LogInAsync();

        var (phone, path) = await Browser.ScanAsync(new { name = "my phone" });

        Assert.Equal(("Minimal API", "ann@example.com"), (phone.Issuer, phone.AccountName));
        var offer = await Browser.ReadAsync(path);
        Assert.StartsWith("<svg", offer.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", offer.GetProperty("manualEntryKey").GetString());
        using var second = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, Site.Clock);
        Assert.Equal(phone.GetCode(), second.GetCode());
        var wrong = await Browser.PostAsync($"{path}/confirm", new { code = Browser.WrongCodeFor(phone) });
        var problem = await Browser.ReadProblemAsync(wrong, HttpStatusCode.BadRequest);
        Assert.Equal("Enter the code that your authenticator app shows now.", problem.GetProperty("detail").GetString());
        var codes = (await Browser.SubmitAsync($"{path}/confirm", new { code = phone.GetCode() })).GetProperty("recoveryCodes");
        Assert.Matches("^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$", Assert.Single(codes.GetProperty("codes").EnumerateArray()).GetString());
        var status = await Browser.ReadAsync("/mfa");
        Assert.True(status.GetProperty("isEnabled").GetBoolean());
        Assert.Equal("my phone", status.GetProperty("authenticators")[0].GetProperty("name").GetString());
        Assert.Equal(Site.Clock.GetUtcNow(), status.GetProperty("recoveryCodesCreatedAt").GetDateTimeOffset());
        Assert.Equal("RecoveryCodesIssued", status.GetProperty("recentEvents")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Enrollment_UserOfATenant_HasItsIssuer()
    {
        Site.UseStubUsers().Issuer = "Tenant A";
        await Browser.LogInAsync();

        var (phone, path) = await Browser.ScanAsync();

        var uri = (await Browser.ReadAsync(path)).GetProperty("uri").GetString();
        Assert.Equal("Tenant A", phone.Issuer);
        Assert.StartsWith("otpauth://totp/Tenant%20A:ann%40example.com?", uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrollment_NoSuchOrExpired_SaysSo()
    {
        await Browser.LogInAsync();
        var (_, path) = await Browser.ScanAsync();

        Assert.Equal(HttpStatusCode.NotFound, await Browser.GetStatusAsync($"/mfa/enrollments/{Guid.NewGuid()}"));
        Site.Clock.Advance(TimeSpan.FromMinutes(11));

        await Browser.FailAsync(HttpStatusCode.Gone, $"{path}/confirm", new { code = "123456" });
    }

    [Fact]
    public async Task Enrollment_SessionOfBeforeAReset_MustSignInAgain()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var (_, begun) = await Browser.ScanAsync(new { code = phone.GetCode() });
        await Site.Mfa.ResetAsync(Ann, "phone and laptop stolen", cancellationToken: Token);

        await MustSignInAsync("/mfa/enrollments");
        Assert.Equal(HttpStatusCode.NotFound, await Browser.GetStatusAsync(begun));
        await Other.LogInAsync();
        await Other.SubmitAsync("/mfa/enrollments");
    }

    [Fact]
    public async Task Enrollment_RecordLostThatTheHostAsksFor_IsNoWayBackIn()
    {
        await Browser.EnrollAsync();
        await Site.LoseRecordAsync(Ann);

        await MustSignInAsync("/mfa/enrollments");
    }

    [Fact]
    public async Task Enrollment_AfterDisabling_NeedsANewSignIn()
    {
        await Browser.SignInWithMfaAsync();
        await Browser.SubmitAsync("/mfa/disable");

        await MustSignInAsync("/mfa/enrollments");

        await Browser.LogInAsync();
        await Browser.BindAsync();
    }

    [Fact]
    public async Task Session_OfAUserWhoIsGone_CanUseNoEndpoint()
    {
        var users = Site.UseStubUsers();
        await Browser.SignInWithMfaAsync();
        users.IsGone = true;

        var endpoints = Site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/mfa", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.StartsWith("/mfa/challenge", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null).ToArray();

        Assert.Equal(12, endpoints.Length);
        foreach (var endpoint in endpoints)
        {
            var path = Regex.Replace(endpoint.RoutePattern.RawText!, "{.*?}", $"{Guid.Empty}");
            var isGet = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single() == "GET";
            var problem = await Browser.ReadProblemAsync(
                isGet ? await Browser.GetAsync(path) : await Browser.PostAsync(path), HttpStatusCode.Unauthorized);
            Assert.Equal("urn:callroute:mfa:sign-in-required", problem.GetProperty("type").GetString());
        }
    }

    // No user at all, and one who was deleted or locked since the session began.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_OfNobodyOrOfAUserWhoIsGone_CanUseNoMethod(bool isSignedIn)
    {
        var users = Site.UseStubUsers();
        await Browser.SignInWithMfaAsync();
        users.IsGone = isSignedIn;
        await using var scope = Site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = isSignedIn ? Browser.Cookies.GetCookieHeader(new Uri("https://localhost")) : string.Empty;
        var account = scope.ServiceProvider.GetRequiredService<MfaAccount>();

        Assert.Null(await account.FindSubjectAsync(context));
        Assert.True(await account.RequiresSignInAsync(context));
        Assert.True(await account.RequiresCodeForChangesAsync(context));
        var others = typeof(MfaAccount).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.Name != nameof(MfaAccount.FindSubjectAsync) && method.GetParameters().Length > 1).ToArray();
        Assert.Equal(11, others.Length);
        foreach (var method in others)
        {
            object?[] arguments = [context, .. method.GetParameters().Skip(1).Select(_ => default(object))];
            await Assert.ThrowsAsync<InvalidOperationException>(() => (Task)method.Invoke(account, arguments)!);
        }
    }

    [Fact]
    public async Task Session_WithoutMfaWhenThePolicyBecomesRequired_MayOnlyEnrol()
    {
        var users = Site.UseStubUsers();
        await Browser.LogInAsync();
        users.Policy = MfaPolicy.Required;

        await MustSignInAsync(Changes);
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/mfa"));

        await Browser.BindAsync();
        Assert.Equal(HttpStatusCode.OK, await Browser.GetStatusAsync("/mfa"));
    }

    // The application may have failed to store that the user is enrolled.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_WithoutMfaWhenTheUserEnrolsElsewhere_MustSignInAgain(bool isRowWrong)
    {
        Site.UseStubUsers().IsBroken = isRowWrong;
        await Other.LogInAsync();
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await Browser.LogInAsync();
        await Other.BindAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/mfa"));
        await MustSignInAsync([.. Changes, "/mfa/enrollments"]);
    }

    [Fact]
    public async Task Disable_PolicyRequired_IsRefusedAndConsumesNoCode()
    {
        var users = Site.UseStubUsers();
        var (phone, _) = await Browser.SignInWithMfaAsync();
        users.Policy = MfaPolicy.Required;

        var problem = await Browser.FailAsync(HttpStatusCode.Conflict, "/mfa/disable", new { code = phone.GetCode() });

        Assert.Equal("urn:callroute:mfa:required-by-policy", problem);
        await Browser.SubmitAsync("/mfa/step-up", new { code = phone.GetCode() });
    }

    [Fact]
    public async Task Enrollment_Replacing_EndsTheOldPhoneWhenTheNewOneIsConfirmed()
    {
        var (old, _) = await Browser.SignInWithMfaAsync();

        var (phone, path) = await Browser.ScanAsync(new { replaces = await Browser.AuthenticatorIdAsync(), name = "new" });
        await Other.LogInAsync();
        await Browser.ReadAsync(await Other.VerifyAsync(old.GetCode()));
        await Browser.SubmitAsync($"{path}/confirm", new { code = phone.GetCode() });

        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        await Other.LogInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await Other.VerifyAsync(old.GetCode())).StatusCode);
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
    }

    // The response was lost, so the browser still has its old cookies; or it arrived, and the user reloads the page.
    [Theory]
    [InlineData(MfaPolicy.Optional, true)]
    [InlineData(MfaPolicy.Optional, false)]
    [InlineData(MfaPolicy.Required, true)]
    [InlineData(MfaPolicy.Required, false)]
    public async Task Confirmation_Repeated_GivesTheSameCodesAndSessionUntilTheyAreAcknowledged(MfaPolicy policy, bool isLost)
    {
        Site.UseStubUsers().Policy = policy;
        await Browser.LogInAsync();
        var (phone, path) = await Browser.ScanAsync();
        var form = new { code = phone.GetCode() };
        Other.Keep(Browser.Cookies);
        var first = await Other.SubmitAsync($"{path}/confirm", form);
        var claims = await Other.ClaimsAsync("mfa_time");
        Site.Clock.Advance(TimeSpan.FromSeconds(61));
        var repeating = isLost ? Browser : Other;

        await repeating.FailAsync(HttpStatusCode.BadRequest, $"{path}/confirm", new { code = Browser.WrongCodeFor(phone) });
        var again = await repeating.SubmitAsync($"{path}/confirm", form);

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(claims, await repeating.ClaimsAsync("mfa_time"));
        await repeating.SubmitAsync($"/mfa/recovery-codes/{first.GetProperty("recoveryCodes").GetProperty("setId")}/acknowledge");
        await repeating.FailAsync(HttpStatusCode.NotFound, $"{path}/confirm", form);
    }

    // Whoever may repeat a confirmation has no MFA yet, and must be able to do nothing else.
    [Theory]
    [InlineData(MfaPolicy.Optional)]
    [InlineData(MfaPolicy.Required)]
    public async Task Confirmation_OfAPendingEnrollmentWithoutMfa_IsRefused(MfaPolicy policy)
    {
        Site.UseStubUsers().Policy = policy;
        await Browser.LogInAsync();
        Other.Keep(Browser.Cookies);
        var (first, _) = await Browser.BindAsync();
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        var (second, path) = await Browser.ScanAsync(new { code = first.GetCode() });
        var confirm = new { code = second.GetCode() };

        await MustSignInAsync(Other, "/mfa/enrollments");
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync(path));
        await Other.FailAsync(HttpStatusCode.Unauthorized, $"{path}/confirm", confirm);
        await Browser.SubmitAsync($"{path}/confirm", confirm);
    }

    // The caller has proved the password only, so it must not cost a write.
    [Fact]
    public async Task Enrollment_IdThatWasMadeUpWithoutMfa_WritesNothing()
    {
        await Browser.LogInAsync();
        Other.Keep(Browser.Cookies);
        await Browser.BindAsync();
        var before = (await Site.Store.FindAsync(Ann, Token))!.Version;

        var path = $"/mfa/enrollments/{Guid.NewGuid()}";
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync(path));
        await Other.FailAsync(HttpStatusCode.Unauthorized, $"{path}/confirm", new { code = "123456" });

        Assert.Equal(before, (await Site.Store.FindAsync(Ann, Token))!.Version);
    }

    [Fact]
    public async Task Enrollment_StoreFails_IsToBeTriedAgain()
    {
        await Browser.LogInAsync();
        await FailEachCallAsync(() => Browser.PostStatusAsync("/mfa/enrollments"));
        var (phone, path) = await Browser.ScanAsync();
        await FailEachCallAsync(() => Browser.GetStatusAsync(path));
        await FailEachCallAsync(() => Browser.PostStatusAsync($"{path}/confirm", new { code = phone.GetCode() }));

        Assert.Contains(Site.Log.Lines, line => line.StartsWith("Error MFA endpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Authenticators_AddedUpToTheLimitAndRemovedDownToTheLast()
    {
        await Browser.SignInWithMfaAsync();
        var removal = $"/mfa/authenticators/{await Browser.AuthenticatorIdAsync()}/remove";
        await Browser.FailAsync(HttpStatusCode.Conflict, removal);
        await Browser.BindAsync(new { name = "tablet" });

        Assert.Equal("urn:callroute:mfa:limit-reached", await Browser.FailAsync(HttpStatusCode.Conflict, "/mfa/enrollments"));
        await Browser.SubmitAsync(removal);

        Assert.Equal("tablet", Assert.Single(await Browser.AuthenticatorsAsync()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task StepUp_UserWithoutMfa_IsToldToEnrol()
    {
        await Browser.LogInAsync();

        Assert.Equal(
            "urn:callroute:mfa:not-enrolled", await Browser.FailAsync(HttpStatusCode.NotFound, "/mfa/step-up", new { code = "123456" }));
    }

    [Fact]
    public async Task Changes_SessionVerifiedLongAgo_RequireACode()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        var id = await Browser.AuthenticatorIdAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));

        string[] paths = ["recovery-codes", "disable", $"authenticators/{id}/remove", "enrollments", "known-devices/revoke"];
        foreach (var path in paths)
        {
            var problem = await Browser.FailAsync(HttpStatusCode.Forbidden, $"/mfa/{path}", new { replaces = id });
            Assert.Equal("urn:callroute:mfa:code-required", problem);
        }

        await Browser.FailAsync(HttpStatusCode.Forbidden, "/mfa/enrollments");
        await Browser.SubmitAsync("/mfa/recovery-codes", new { code = phone.GetCode() });
    }

    [Fact]
    public async Task Rename_SessionVerifiedLongAgo_NeedsNoCode()
    {
        await Browser.SignInWithMfaAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));

        await Browser.SubmitAsync($"/mfa/authenticators/{await Browser.AuthenticatorIdAsync()}/rename", new { name = "Ann's phone" });

        Assert.Equal("Ann's phone", Assert.Single(await Browser.AuthenticatorsAsync()).GetProperty("name").GetString());
        await Browser.FailAsync(HttpStatusCode.NotFound, $"/mfa/authenticators/{Guid.NewGuid()}/rename", new { name = "Other" });
    }

    [Fact]
    public async Task Changes_CodeAsProof_CountsAsStepUpOfTheSession()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.Forbidden, await Browser.PostStatusAsync("/payments"));

        await Browser.SubmitAsync("/mfa/recovery-codes", new { code = phone.GetCode() });

        Assert.Equal(HttpStatusCode.OK, await Browser.PostStatusAsync("/payments"));
        await Browser.SubmitAsync("/mfa/disable");
        Assert.Equal(HttpStatusCode.Forbidden, await Browser.GetStatusAsync("/orders"));
        Assert.Equal("SignedIn", await Other.LogInAsync());
    }

    [Fact]
    public async Task Changes_CodeWhoseAnswerWasLost_TakeTheNextCode()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Browser.SubmitAsync("/mfa/step-up", new { code = phone.GetCode(), attempt = Attempt });
        Site.Clock.Advance(TimeSpan.FromSeconds(30));

        await Browser.SubmitAsync("/mfa/recovery-codes", new { code = phone.GetCode(), attempt = Attempt });
    }

    [Fact]
    public async Task Regeneration_RecoveryCodeAsProof_ShowsCodesThatWork()
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();

        var regenerated = await Browser.SubmitAsync("/mfa/recovery-codes", new { code = recoveryCode });

        var code = regenerated.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString();
        Assert.NotEqual(recoveryCode, code);
        await Other.LogInAsync();
        await Browser.ReadAsync(await Other.VerifyAsync(code));
    }

    [Fact]
    public async Task StepUp_RecoveryCodeWhoseAnswerWasLost_GivesTheSameCodesAgainToTheSameFormOnly()
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        var form = new { code = recoveryCode, attempt = Attempt };

        var first = (await Browser.SubmitAsync("/mfa/step-up", form)).GetProperty("recoveryCodes");
        var again = (await Browser.SubmitAsync("/mfa/step-up", form)).GetProperty("recoveryCodes");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        await Browser.FailAsync(HttpStatusCode.BadRequest, "/mfa/step-up", new { code = recoveryCode });
    }

    private async Task FailEachCallAsync(Func<Task<HttpStatusCode>> sendAsync)
    {
        for (var call = 1; call == 1 || Site.Store.HasFired; call++)
        {
            Site.Store.Arm(StoreFault.ThrowBefore, call);
            Assert.True(await sendAsync() is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable);
        }
    }

    private Task MustSignInAsync(params string[] paths) => MustSignInAsync(Browser, paths);

    private static async Task MustSignInAsync(Browser browser, params string[] paths)
    {
        foreach (var path in paths)
        {
            Assert.Equal("urn:callroute:mfa:sign-in-required", await browser.FailAsync(HttpStatusCode.Unauthorized, path));
        }
    }
}
