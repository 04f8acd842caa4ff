using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class CodeVerbTests
{
    private const string Digits = "1234567890";

    // RFC 6238 appendix B, with the keys of erratum 2866: as long as the hash.
    [Theory]
    [InlineData("SHA1", 20, "20000000000", "65353130")]
    [InlineData("SHA256", 32, "1111111109", "68084774")]
    [InlineData("SHA512", 64, "59", "90693936")]
    public void Code_Rfc6238AppendixB_IsPrintedAlone(string algorithm, int size, string time, string code)
    {
        var key = Base32.Encode(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Digits, 7))[..size]));

        Assert.Equal(code, Tool.Run("code", "--secret", key, "--algorithm", algorithm, "--digits", "8", "--at", time));
    }

    [Fact]
    public void Code_Rfc4226AppendixD_IsPrintedAlone() =>
        Assert.Equal("520489", Tool.Run("code", "--secret", Tool.Secret, "--counter", "9"));

    [Theory]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n")]
    [InlineData("  gezd gnbv gy3t qojq gezd gnbv gy3t qojq  \r\nnot the secret\n")]
    public void Code_SecretOnStandardInput_IsFirstLineTrimmed(string input) =>
        Assert.Equal("287082", Tool.RunWithInput(input, "code", "--secret", "-", "--at", "59"));

    [Fact]
    public void Code_SecretInAVariableOrAFile_IsReadFromThere()
    {
        ExternalProgram.Require("env");
        var file = Path.GetTempFileName();
        File.WriteAllText(file, $"{Tool.Secret}\n");

        var ofVariable = ExternalProgram.Run("env", [$"S={Tool.Secret}", "dotnet", Tool.File, "code", "--secret", "env:S", "--at", "59"]);
        var ofFile = Tool.Run("code", "--secret", $"file:{file}", "--at", "59", "--json");

        Assert.Equal(("287082\n", """{"code":"287082"}"""), (ofVariable, ofFile));
        File.Delete(file);
    }

    [Theory]
    [InlineData("--at", "-59", "--t0", "-118")]
    [InlineData("--at=-59", "--t0=-118")]
    [InlineData("--at", "100", "--t0", "41")]
    [InlineData("--at", "60", "--period", "60")]
    public void Code_TimeT0AndPeriod_CountTogether(params string[] times) =>
        Assert.Equal("287082", Tool.Run(["code", "--secret", Tool.Secret, .. times]));

    [Fact]
    public void Code_NoTime_IsVerifiedNow()
    {
        var code = Tool.Run("code", "--secret", Tool.Secret);

        Assert.True(Tool.RunForJson("verify", code, "--secret", Tool.Secret, "--back", "50").GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public void Code_OneByteSecretWithPadding_IsAccepted() => Assert.Equal(
        Tool.Run("code", "--secret", "GE", "--at", "0"), Tool.Run("code", "--secret", "ge======", "--at", "0"));

    [Fact]
    public void SecretAndKey_New_HaveTheFormThatOthersRead()
    {
        Assert.Matches("^[0-9]{6}$", Tool.RunWithInput(Tool.Run("secret"), "code", "--secret", "-"));
        Assert.Equal(64, Base32.Decode(Tool.Run("secret", "--algorithm", "SHA512")).Length);
        Assert.Equal(16, Base32.Decode(Tool.Run("secret", "--bytes", "16")).Length);
        Assert.Equal(32, Convert.FromBase64String(Tool.RunForJson("key", "new").GetProperty("key").GetString()!).Length);
    }
}
