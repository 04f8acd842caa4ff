using System.Text;
using Callroute.Mfa.Core.Tests.Flows;
using Callroute.Mfa.Records;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class MfaRecordJsonTests
{
    private readonly Scenario _scenario = new();

    private async Task<string> DocumentAsync() =>
        Encoding.UTF8.GetString((await _scenario.Store.FindAsync(_scenario.User, Scenario.Token))!.Document.Span);

    private async Task ReplaceAsync(string document)
    {
        var stored = await _scenario.Store.FindAsync(_scenario.User, Scenario.Token);
        await _scenario.Store.TryWriteAsync(_scenario.User, Encoding.UTF8.GetBytes(document), Guid.NewGuid(), stored?.Version, Scenario.Token);
    }

    [Fact]
    public async Task Write_Members_AreReadBack()
    {
        await _scenario.EnrollAsync();
        var stored = (await _scenario.Store.FindAsync(_scenario.User, Scenario.Token))!.Document;

        var again = MfaRecordJson.Write(MfaRecordJson.Read(stored, _scenario.User));

        Assert.Equal(Encoding.UTF8.GetString(stored.Span), Encoding.UTF8.GetString(again));
    }

    [Fact]
    public async Task Read_MembersOfANewerVersion_SurviveARewrite()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await ReplaceAsync((await DocumentAsync())
            .Replace("{\"format\":1,", "{\"format\":1,\"passkeys\":[{\"id\":7}],", StringComparison.Ordinal)
            .Replace("\"authenticators\":[{", "\"authenticators\":[{\"colour\":\"blue\",", StringComparison.Ordinal)
            .Replace("\"totpThrottle\":{", "\"totpThrottle\":{\"region\":\"eu\",", StringComparison.Ordinal)
            .Replace("\"recoveryCodes\":{", "\"recoveryCodes\":{\"printed\":true,", StringComparison.Ordinal)
            .Replace("\"events\":[{", "\"events\":[{\"address\":\"::1\",", StringComparison.Ordinal));

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);

        var document = await DocumentAsync();
        Assert.Contains("\"passkeys\":[{\"id\":7}]", document, StringComparison.Ordinal);
        Assert.All(
            ["\"colour\":\"blue\"", "\"region\":\"eu\"", "\"printed\":true", "\"address\":\"::1\""],
            member => Assert.Contains(member, document, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2")]
    [InlineData("\"format\":1", "\"format\":0")]
    [InlineData("\"userId\":\"user-1\"", "\"userId\":\"USER-1\"")]
    [InlineData("\"lastUsedStep\"", "\"LastUsedStep\"")]
    [InlineData("\"digits\":6", "\"digits\":600")]
    [InlineData("{\"format\":1", "not json")]
    public async Task Read_DocumentThatIsNotTrusted_IsUnavailable(string part, string replacement)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await ReplaceAsync((await DocumentAsync()).Replace(part, replacement, StringComparison.Ordinal));

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<InvalidDataException>(result.Cause);
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, requiredByHost: false, Scenario.Token));
        await Assert.ThrowsAsync<InvalidDataException>(_scenario.StatusAsync);
    }

    [Fact]
    public async Task Write_EnrolledRecord_HoldsNoClearSecretOrCode()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        using var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        var key = new byte[offer.Uri.Secret.Size];
        offer.Uri.Secret.CopyTo(key);
        var pending = await DocumentAsync();
        var confirmed = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);
        var code = confirmed.RecoveryCodes!.Reveal()[0];
        var enrolled = await DocumentAsync();
        var replacement = (await _scenario.VerifyAsync(code)).ReplacementRecoveryCodes!.Reveal()[0];
        var recovered = await DocumentAsync();

        string[] clear = [Convert.ToBase64String(key), Convert.ToHexString(key), offer.Uri.Secret.RevealBase32(), .. Forms(code), .. Forms(replacement)];
        Assert.All(clear, text => Assert.DoesNotContain(text, pending + enrolled + recovered, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Forms(string code)
    {
        var canonical = code.Replace("-", string.Empty, StringComparison.Ordinal);
        return [code, canonical, Convert.ToBase64String(Encoding.ASCII.GetBytes(canonical))];
    }

    [Fact]
    public async Task Write_EnrolledRecord_IsSmall()
    {
        await _scenario.EnrollAsync();

        Assert.InRange((await DocumentAsync()).Length, 500, 1500);
    }
}
