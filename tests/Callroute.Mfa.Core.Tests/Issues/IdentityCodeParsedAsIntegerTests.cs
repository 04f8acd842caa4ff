using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// ASP.NET Core Identity (int.TryParse) and django-otp (int): a sign, surrounding white space and missing zeros pass.
public class IdentityCodeParsedAsIntegerTests
{
    // 081804 is the RFC seed's code at this moment.
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1111111109);

    [Theory]
    [InlineData("+081804")]
    [InlineData("81804")]
    [InlineData(" 81804")]
    [InlineData("0081804")]
    [InlineData("\t081804")]
    [InlineData("081804\r\n")]
    [InlineData("(081804)")]
    public void Verify_SameNumberOtherSpelling_IsAMiss(string code)
    {
        using var secret = RfcSeed.Sha1();

        Assert.Null(Totp.Verify(secret, TotpParameters.Default, code, Now, TimeWindow.OneStep));
    }

    // ASCII spaces are our documented exception: people copy codes with them, and only one canonical form is compared.
    [Fact]
    public void Verify_SpacesAround_AreTheSameCode()
    {
        using var secret = RfcSeed.Sha1();

        Assert.NotNull(Totp.Verify(secret, TotpParameters.Default, " 081804 ", Now, TimeWindow.OneStep));
    }
}
