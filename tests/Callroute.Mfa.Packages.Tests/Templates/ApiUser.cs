using System.Net;
using System.Text.Json;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>A user of the endpoints of <c>MapIdentityApi</c>, with bearer tokens.</summary>
internal sealed class ApiUser(TemplateSite site, string name) : TemplateUser(site, name, "application/json")
{
    private string? _refreshToken;

    public static async Task<ApiUser> RegisterAsync(TemplateSite site, string name)
    {
        var user = new ApiUser(site, name);
        await user.Client.PostAndReadAsync("/register", new { email = user.Email, password = Password });
        return user;
    }

    /// <summary>Registers, signs in and sets up the phone.</summary>
    /// <returns>The user, the phone's key as it was shown, and the recovery codes.</returns>
    public static async Task<(ApiUser User, string Key, string[] RecoveryCodes)> EnrollAsync(TemplateSite site, string name)
    {
        var user = await RegisterAsync(site, name);
        Assert.Equal("200", (await user.SignInAsync()).ToString());
        var key = (await user.ManageAsync(new { })).Text("sharedKey");
        user.Phone = VirtualAuthenticator.FromManualKey(key, TimeProvider.System);
        var enabled = await user.ManageAsync(new { enable = true, twoFactorCode = await user.NextCodeAsync() });
        Assert.Equal("200", enabled.ToString());
        return (user, key, [.. enabled.Body.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)]);
    }

    /// <summary>Signs in by the password and perhaps a code. The session is then this one.</summary>
    public async Task<Answer> SignInAsync(string? code = null, string? recoveryCode = null)
    {
        Client.Token = null;
        return Keep(await PostAsync(
            "/login", new { email = Email, password = Password, twoFactorCode = code, twoFactorRecoveryCode = recoveryCode }));
    }

    /// <summary>Signs in by the password and the next code of the phone.</summary>
    /// <returns>The code.</returns>
    public async Task<string> SignInByPhoneAsync()
    {
        var code = await NextCodeAsync();
        Assert.Equal("200", (await SignInAsync(code)).ToString());
        return code;
    }

    public async Task<Answer> RefreshAsync() => Keep(await PostAsync("/refresh", new { refreshToken = _refreshToken }));

    /// <summary>Reads or changes the second factor.</summary>
    public Task<Answer> ManageAsync(object change) => PostAsync("/manage/2fa", change);

    private Answer Keep(Answer answer)
    {
        if (answer.Status == HttpStatusCode.OK)
        {
            (Client.Token, _refreshToken) = (answer.Text("accessToken"), answer.Text("refreshToken"));
        }

        return answer;
    }

    private async Task<Answer> PostAsync(string path, object body)
    {
        using var response = await Client.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new(response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), response.Headers.RetryAfter?.Delta);
    }

    /// <summary>A response.</summary>
    internal sealed record Answer(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)
    {
        public string Text(string name) =>
            Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) ? value.ToString() : string.Empty;

        /// <summary>The status, and the reason of a problem, such as <c>401 RequiresTwoFactor</c>.</summary>
        public override string ToString() => $"{(int)Status} {Text("detail")}".TrimEnd();
    }
}
