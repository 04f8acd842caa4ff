using System.Globalization;
using System.Security.Cryptography;
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

    // Each algorithm with 6 and with 8 digits.
    [Fact]
    public void Code_SixAccounts_EqualOathtool()
    {
        ExternalProgram.Require("oathtool");

        var accounts = Enumerable.Range(0, 6).Select(i => Account(7 * i)).ToArray();

        Assert.All(accounts, account => Assert.Equal(CodeOfOathtool(account), CodeOfTool(account)));
    }

    [Theory]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n")]
    [InlineData("  gezd gnbv gy3t qojq gezd gnbv gy3t qojq  \r\nnot the secret\n")]
    public void Code_SecretOnStandardInput_IsFirstLineTrimmed(string input) =>
        Assert.Equal("287082", Tool.RunWithInput(input, "code", "--secret", "-", "--at", "59"));

    [Theory]
    [InlineData("--at", "-59", "--t0", "-118")]
    [InlineData("--at=-59", "--t0=-118")]
    [InlineData("--at", "100", "--t0", "41")]
    public void Code_TimeAndT0_CountTogether(params string[] times) =>
        Assert.Equal("287082", Tool.Run(["code", "--secret", Tool.Secret, .. times]));

    [Fact]
    public void Code_NoTime_IsVerifiedNow()
    {
        var code = Tool.Run("code", "--secret", Tool.Secret);

        Assert.StartsWith(
            "{\"accepted\":true,", Tool.Run("verify", code, "--secret", Tool.Secret, "--back", "50"), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_OneByteSecretWithPadding_IsAccepted() => Assert.Equal(
        Tool.Run("code", "--secret", "GE", "--at", "0"), Tool.Run("code", "--secret", "ge======", "--at", "0"));

    private static (string Secret, string Algorithm, int Digits, int Period, long Time) Account(int number)
    {
        var bytes = SHA256.HashData([(byte)number]);
        var algorithm = new[] { "SHA1", "SHA256", "SHA512" }[number % 3];
        var (digits, period) = (6 + number % 2 * 2, 15 + number * 7);
        return (Base32.Encode(bytes.AsSpan(0, 16 + number % 17)), algorithm, digits, period, 1_000_000_007L * (number + 1));
    }

    private static string CodeOfTool((string Secret, string Algorithm, int Digits, int Period, long Time) account)
    {
        string[] size = ["--digits", $"{account.Digits}", "--period", $"{account.Period}"];
        return Tool.Run(["code", "--secret", account.Secret, "--algorithm", account.Algorithm, .. size, "--at", $"{account.Time}"]);
    }

    private static string CodeOfOathtool((string Secret, string Algorithm, int Digits, int Period, long Time) account)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(account.Time).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        string[] size = ["-d", $"{account.Digits}", "-s", $"{account.Period}s"];
        return ExternalProgram.Run("oathtool", [$"--totp={account.Algorithm}", .. size, "-N", time, "-b", account.Secret]).TrimEnd('\n');
    }
}
