using System.Text;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class MfaRecordJsonTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task Write_Members_AreReadBack()
    {
        await _scenario.EnrollAsync();

        var again = MfaRecordJson.Write(await _scenario.RecordAsync());

        Assert.Equal(await _scenario.DocumentAsync(), Encoding.UTF8.GetString(again));
    }

    [Fact]
    public async Task Read_MembersOfANewerVersion_SurviveARewrite()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.EditAsync(document => document
            .Replace("{\"format\":1,", "{\"format\":1,\"passkeys\":[{\"id\":7}],", StringComparison.Ordinal)
            .Replace("\"authenticators\":[{", "\"authenticators\":[{\"colour\":\"blue\",", StringComparison.Ordinal)
            .Replace("\"totpThrottle\":{", "\"totpThrottle\":{\"region\":\"eu\",", StringComparison.Ordinal)
            .Replace("\"recoveryCodes\":{", "\"recoveryCodes\":{\"printed\":true,", StringComparison.Ordinal)
            .Replace("\"events\":[{", "\"events\":[{\"address\":\"::1\",", StringComparison.Ordinal));

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);

        var document = await _scenario.DocumentAsync();
        Assert.Contains("\"passkeys\":[{\"id\":7}]", document, StringComparison.Ordinal);
        Assert.All(
            ["\"colour\":\"blue\"", "\"region\":\"eu\"", "\"printed\":true", "\"address\":\"::1\""],
            member => Assert.Contains(member, document, StringComparison.Ordinal));
    }

    public static TheoryData<string, string, Type> Untrusted => new()
    {
        { "\"format\":1", "\"format\":2", typeof(InvalidDataException) },
        { "\"format\":1", "\"format\":0", typeof(InvalidDataException) },
        { "\"lastUsedStep\"", "\"LastUsedStep\"", typeof(InvalidDataException) },
        { "\"digits\":6", "\"digits\":600", typeof(InvalidDataException) },
        { "{\"format\":1", "not json", typeof(InvalidDataException) },
        // Another exception, because a reset overwrites a record that is not valid.
        { "\"userId\":\"user-1\"", "\"userId\":\"USER-1\"", typeof(InvalidOperationException) },
    };

    [Theory]
    [MemberData(nameof(Untrusted), DisableDiscoveryEnumeration = true)]
    public async Task Read_DocumentThatIsNotTrusted_IsUnavailable(string part, string replacement, Type cause)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.EditAsync(document => document.Replace(part, replacement, StringComparison.Ordinal));

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType(cause, result.Cause);
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.RequirementAsync());
        Assert.IsType(cause, await Record.ExceptionAsync(_scenario.StatusAsync));
    }

    [Theory]
    [InlineData("authenticators")]
    [InlineData("userId")]
    [InlineData("totpThrottle")]
    public async Task Read_NullWhereAValueMustBe_IsInvalidData(string member)
    {
        await _scenario.EnrollAsync();
        await _scenario.EditJsonAsync(json => json[member] = null);

        await Assert.ThrowsAsync<InvalidDataException>(_scenario.StatusAsync);
    }

    [Theory]
    [InlineData(256 * 1024, true)]
    [InlineData(256 * 1024 + 1, false)]
    public async Task Read_DocumentOfASize_IsRefusedAbove256KiB(int size, bool isRead)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.EditAsync(document => document.PadRight(size));

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(isRead, result.Succeeded);
        Assert.Equal(isRead, result.Cause is not InvalidDataException);
    }

    [Fact]
    public async Task Write_EnrolledRecord_HoldsNoClearSecretOrCode()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var key = offer.Uri!.Secret.Key.ToArray();
        var pending = await _scenario.DocumentAsync();
        var confirmed = await _scenario.ConfirmAsync(offer, phone.GetCode());
        var code = confirmed.RecoveryCodes!.Reveal()[0];
        var enrolled = await _scenario.DocumentAsync();
        var replacement = (await _scenario.VerifyAsync(code)).ReplacementRecoveryCodes!.Reveal()[0];
        var recovered = await _scenario.DocumentAsync();

        string[] clear =
            [Convert.ToBase64String(key), Convert.ToHexString(key), offer.Uri.Secret.RevealBase32(), .. Forms(code), .. Forms(replacement)];
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

        Assert.InRange((await _scenario.DocumentAsync()).Length, 500, 1750);
    }
}
