using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Tests.Clients;

/// <summary>A client that a stock generator makes from docs/openapi.json, with bearer tokens, over HTTP.</summary>
public sealed class ClientLifeTests : SiteTest
{
    private readonly HttpClient _http;
    private readonly MfaClient _client;

    private string? _knownDevice;

    public ClientLifeTests()
    {
        Site.UseKestrel(0);
        _http = Site.CreateClient();
        _client = new MfaClient(_http);
    }

    [Fact]
    public async Task GeneratedClient_WholeLife_Works()
    {
        // Enrol, and sign in.
        Use(await _client.LogInByTokenAsync(Password, Token));
        var (phone, confirmed) = await BindAsync(new() { Name = "phone" });
        Assert.NotEmpty(confirmed.RecoveryCodes!.Codes);
        await SignInAsync(NextCode(phone));
        Assert.Contains("amr: mfa", await _client.GetClaimsAsync(Token));
        Assert.Equal("For users who have passed MFA.", (await _client.GetOrdersAsync(Token)).Text);

        // Recover, and make new recovery codes.
        var recovered = await SignInAsync(confirmed.RecoveryCodes.Codes.First());
        Assert.Equal("recovery", recovered.Method);
        await _client.AcknowledgeRecoveryCodesAsync(recovered.RecoveryCodes!.SetId, Token);
        Assert.NotEmpty((await _client.RegenerateRecoveryCodesAsync(cancellationToken: Token)).RecoveryCodes!.Codes);

        // Change the device.
        var old = Assert.Single((await _client.GetMfaStatusAsync(Token)).Authenticators);
        (phone, _) = await BindAsync(new() { Name = "new phone", Replaces = old.Id });
        Assert.Equal("new phone", Assert.Single((await _client.GetMfaStatusAsync(Token)).Authenticators).Name);

        // Step up.
        Site.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(403, (await Assert.ThrowsAsync<ApiException>(() => _client.PayAsync(Token))).StatusCode);
        Use((await _client.StepUpMfaAsync(new() { Code = NextCode(phone), KnownDevice = _knownDevice }, Token)).Tokens);
        await _client.PayAsync(Token);

        // Disable.
        Use((await _client.DisableMfaAsync(cancellationToken: Token)).Tokens);
        Use(await _client.LogInByTokenAsync(Password, Token));
        Assert.False((await _client.GetMfaStatusAsync(Token)).IsEnabled);
    }

    [Fact]
    public async Task GeneratedClient_Refusals_AreTyped()
    {
        Use(await _client.LogInByTokenAsync(Password, Token));
        var (phone, _) = await BindAsync(new());
        Bearer(await AskForTokenAsync());

        var refused = await Assert.ThrowsAsync<ApiException<MfaProblem>>(
            () => _client.VerifyMfaCodeAsync(new() { Code = Browser.WrongCodeFor(phone) }, Token));

        Assert.Equal((400, "code-refused"), (refused.StatusCode, refused.Result.Reason));
        Assert.Contains("code", refused.Result.Errors!.Keys);
    }

    private static Login Password => new() { Name = "ann", Password = "correct horse" };

    private async Task<VerificationResponse> SignInAsync(string code)
    {
        Bearer(await AskForTokenAsync());
        var verified = await _client.VerifyMfaCodeAsync(new() { Code = code, KnownDevice = _knownDevice }, Token);
        Use(verified.Tokens);
        return verified;
    }

    private async Task<string> AskForTokenAsync()
    {
        Bearer(null);
        var problem = (await Assert.ThrowsAsync<ApiException<MfaProblem>>(() => _client.LogInByTokenAsync(Password, Token))).Result;
        Assert.Equal("mfa-required", problem.Reason);
        return problem.MfaToken!;
    }

    private async Task<(VirtualAuthenticator Phone, ConfirmationResponse Confirmed)> BindAsync(EnrollmentRequest request)
    {
        var offer = await _client.BeginMfaEnrollmentAsync(request, Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri, Site.Clock);
        var confirmed = await _client.ConfirmMfaEnrollmentAsync(offer.EnrollmentId, new() { Code = phone.GetCode() }, Token);
        Use(confirmed.Tokens);
        return (phone, confirmed);
    }

    private string NextCode(VirtualAuthenticator phone)
    {
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        return phone.GetCode();
    }

    private void Use(TokensResponse? tokens)
    {
        Bearer(tokens!.AccessToken);
        _knownDevice = tokens.KnownDevice ?? _knownDevice;
    }

    private void Bearer(string? token) => _http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
}
