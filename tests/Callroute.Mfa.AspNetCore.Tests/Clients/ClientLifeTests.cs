using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Tests.Clients;

/// <summary>
/// The client of docs/getting-started/mobile.md, which a stock generator makes from docs/openapi.json, with bearer tokens, over HTTP.
/// </summary>
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
        Assert.Null(await SendPasswordAsync(Password));
        var (phone, confirmed) = await BindAsync("phone");
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
        (phone, _) = await BindAsync("new phone", replaces: old.Id);
        Assert.Equal("new phone", Assert.Single((await _client.GetMfaStatusAsync(Token)).Authenticators).Name);

        // Step up.
        Site.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(403, (await Assert.ThrowsAsync<ApiException>(() => _client.PayAsync(Token))).StatusCode);
        await StepUpAsync(NextCode(phone), attempt: $"{Guid.NewGuid():N}");
        await _client.PayAsync(Token);

        // Disable.
        Use((await _client.DisableMfaAsync(cancellationToken: Token)).Tokens);
        Assert.Equal(["amr: pwd"], (await _client.GetClaimsAsync(Token)).Where(claim => claim.StartsWith("amr", StringComparison.Ordinal)));
        Assert.Null(await SendPasswordAsync(Password));
        Assert.False((await _client.GetMfaStatusAsync(Token)).IsEnabled);
    }

    [Fact]
    public async Task GeneratedClient_Refusals_AreTyped()
    {
        Assert.Null(await SendPasswordAsync(Password));
        var (phone, _) = await BindAsync("phone");
        Assert.Equal("mfa-required", await SendPasswordAsync(Password));

        var refused = await Assert.ThrowsAsync<ApiException<MfaProblem>>(
            () => _client.VerifyMfaCodeAsync(new() { Code = Browser.WrongCodeFor(phone) }, Token));

        Assert.Equal((400, "code-refused"), (refused.StatusCode, refused.Result.Reason));
        Assert.Contains("code", refused.Result.Errors!.Keys);
    }

    private static Login Password => new() { Name = "ann", Password = "correct horse" };

    private async Task<VerificationResponse> SignInAsync(string code)
    {
        Assert.Equal("mfa-required", await SendPasswordAsync(Password));
        return await SendCodeAsync(code);
    }

    // <password>
    /// <returns>Null: the user is signed in. Or "mfa-required" or "enrollment-required": the token for this step is set.</returns>
    private async Task<string?> SendPasswordAsync(Login login)
    {
        Bearer(null);
        try
        {
            Use(await _client.LogInByTokenAsync(login));
            return null;
        }
        catch (ApiException<MfaProblem> refused) when (refused.Result.MfaToken is { } token)
        {
            Bearer(token);
            return refused.Result.Reason;
        }
    }
    // </password>

    // <code>
    private async Task<VerificationResponse> SendCodeAsync(string code)
    {
        var verified = await _client.VerifyMfaCodeAsync(new() { Code = code, KnownDevice = _knownDevice });
        Use(verified.Tokens);
        return verified;
    }
    // </code>

    // <step-up>
    private async Task StepUpAsync(string code, string attempt) =>
        Use((await _client.StepUpMfaAsync(new() { Code = code, Attempt = attempt, KnownDevice = _knownDevice })).Tokens);
    // </step-up>

    private async Task<(VirtualAuthenticator Phone, ConfirmationResponse Confirmed)> BindAsync(string name, Guid? replaces = null)
    {
        // <offer>
        var offer = await _client.BeginMfaEnrollmentAsync(new() { Name = name, Replaces = replaces, KnownDevice = _knownDevice });
        // </offer>
        var phone = VirtualAuthenticator.Scan(offer.Uri, Site.Clock);
        var code = phone.GetCode();
        // <confirm>
        var confirmed = await _client.ConfirmMfaEnrollmentAsync(offer.EnrollmentId, new() { Code = code });
        Use(confirmed.Tokens);
        // </confirm>
        return (phone, confirmed);
    }

    private string NextCode(VirtualAuthenticator phone)
    {
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        return phone.GetCode();
    }

    // <tokens>
    /// <summary>Replaces the tokens of the session by those of an answer; null if the session did not change.</summary>
    private void Use(TokensResponse? tokens)
    {
        if (tokens is null)
        {
            return;
        }

        Bearer(tokens.AccessToken);
        _knownDevice = tokens.KnownDevice ?? _knownDevice;
    }

    private void Bearer(string? token) => _http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
    // </tokens>
}
