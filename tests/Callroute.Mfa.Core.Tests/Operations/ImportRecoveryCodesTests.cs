using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ImportRecoveryCodesTests
{
    private static readonly string[] Codes = ["BCDFG-HJKMN", "2345B-CDFGH", "PQRTV-WXY23"];

    private readonly Scenario _scenario = new(options => options.Recovery.RegenerateOnUse = false);

    [Fact]
    public async Task ImportRecoveryCodesAsync_CodesOfAnotherSystem_WorkOnceEach()
    {
        await _scenario.ImportPhoneAsync(Codes);

        var before = await _scenario.StatusAsync();
        foreach (var code in Codes)
        {
            Assert.True((await _scenario.VerifyAsync(code.ToLowerInvariant().Replace('-', ' '))).Succeeded);
            Assert.Equal(
                code == Codes[^1] ? RefusalReason.NotEnrolled : RefusalReason.WrongCode, (await _scenario.VerifyAsync(code)).Reason);
        }

        Assert.Equal((3, true), (before.RecoveryCodesLeft, before.AreRecoveryCodesAcknowledged));
        Assert.Equal(0, (await _scenario.StatusAsync()).RecoveryCodesLeft);
        Assert.Single(_scenario.Events, e => e.Kind == MfaEventKind.RecoveryCodesImported);
    }

    [Fact]
    public async Task ImportRecoveryCodesAsync_WrongCodes_AreThrottled()
    {
        await _scenario.ImportPhoneAsync(Codes);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync("ZZZZZ-ZZZZZ")).Reason);
        }

        Assert.Equal(RefusalReason.Throttled, (await _scenario.VerifyAsync(Codes[0])).Reason);
    }

    // Without an imported set, only our own form is a recovery code.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifyAsync_CodeOfAnotherFormWithoutAnImportedSet_IsMalformedAndNotCounted(bool isImported)
    {
        await (isImported ? _scenario.ImportPhoneAsync() : _scenario.EnrollAsync() as Task);
        var (document, runs) = (await _scenario.DocumentAsync(), _scenario.Hasher.Runs);

        Assert.Equal(RefusalReason.Malformed, (await _scenario.VerifyAsync(Codes[0])).Reason);

        Assert.Equal((document, runs), (await _scenario.DocumentAsync(), _scenario.Hasher.Runs));
    }

    [Theory]
    [InlineData("ABCDE-FGHJK", true)]
    [InlineData("abcde fghjk|ABCDE-FGHJL", true)]
    [InlineData("0a1b2c3d4e", true)]
    [InlineData("0a1b2c3d4e|0123456789", true)]
    [InlineData("ABCDEFGHIJ|0123ABCD", true)]
    [InlineData("ABCDEFGHJKMNPQRSTVWXYZ23", true)]
    [InlineData("0a1b2c3d4", false)]
    [InlineData("GHIJKLMN", false)]
    [InlineData("GHIJKL2", false)]
    [InlineData("01234567890123456789", false)]
    [InlineData("ABCDEFGHIJ|01234567", false)]
    [InlineData("ABCDE-FGHJK|abcdefghjk", false)]
    [InlineData("ABCDE_FGHJK", false)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM", false)]
    [InlineData("ABCDE-FGHJK|", false)]
    [InlineData("AAAAAAAAAB|AAAAAAAAAC|AAAAAAAAAD|AAAAAAAAAE|AAAAAAAAAF|AAAAAAAAAG|AAAAAAAAAH|AAAAAAAAAI|AAAAAAAAAJ|AAAAAAAAAK"
        + "|AAAAAAAAAL|AAAAAAAAAM|AAAAAAAAAN|AAAAAAAAAO|AAAAAAAAAP|AAAAAAAAAQ|AAAAAAAAAR", false)]
    public async Task ImportRecoveryCodesAsync_Codes_MustBeDifferentAndHave40Bits(string codes, bool isImported)
    {
        await _scenario.ImportPhoneAsync();

        var result = await _scenario.ImportCodesAsync(codes.Split('|'));

        Assert.Equal(isImported ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.NotImportable, result.Outcome);
    }

    [Fact]
    public async Task ImportRecoveryCodesAsync_NoCodes_AreNotImportable() =>
        Assert.Equal(MfaChangeOutcome.NotImportable, (await _scenario.ImportCodesAsync()).Outcome);
}
