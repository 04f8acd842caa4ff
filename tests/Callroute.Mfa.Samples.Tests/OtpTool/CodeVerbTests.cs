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
    [InlineData("SHA1", 59, "94287082")]
    [InlineData("SHA256", 59, "46119246")]
    [InlineData("SHA512", 59, "90693936")]
    [InlineData("SHA1", 1111111109, "07081804")]
    [InlineData("SHA256", 1111111109, "68084774")]
    [InlineData("SHA512", 1111111109, "25091201")]
    [InlineData("SHA1", 1111111111, "14050471")]
    [InlineData("SHA256", 1111111111, "67062674")]
    [InlineData("SHA512", 1111111111, "99943326")]
    [InlineData("SHA1", 1234567890, "89005924")]
    [InlineData("SHA256", 1234567890, "91819424")]
    [InlineData("SHA512", 1234567890, "93441116")]
    [InlineData("SHA1", 2000000000, "69279037")]
    [InlineData("SHA256", 2000000000, "90698825")]
    [InlineData("SHA512", 2000000000, "38618901")]
    [InlineData("SHA1", 20000000000, "65353130")]
    [InlineData("SHA256", 20000000000, "77737706")]
    [InlineData("SHA512", 20000000000, "47863826")]
    public void Code_Rfc6238AppendixB_IsPrintedAlone(string algorithm, long time, string code)
    {
        var size = algorithm switch { "SHA1" => 20, "SHA256" => 32, _ => 64 };
        var key = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Digits, 7))[..size]);

        var output = Tool.Run("code", "--secret", Base32.Encode(key), "--algorithm", algorithm, "--digits", "8", "--at", time.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(code, output);
    }

    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(9, "520489")]
    public void Code_Rfc4226AppendixD_IsPrintedAlone(long counter, string code) =>
        Assert.Equal(code, Tool.Run("code", "--secret", Tool.Secret, "--counter", counter.ToString(CultureInfo.InvariantCulture)));

    [Fact]
    public void Code_ThirtyAccounts_EqualOathtool()
    {
        ExternalProgram.Require("oathtool");

        var accounts = Enumerable.Range(0, 30).Select(Account).ToArray();

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

    // Step -2 as two's complement: HMAC of FF…FE.
    [Fact]
    public void Code_TimeBeforeT0_IsFloored()
    {
        var code = Tool.Run("code", "--secret", Tool.Secret, "--at", "-59");

        Assert.Equal(Tool.Run("code", "--secret", Tool.Secret, "--at", "-31"), code);
        Assert.NotEqual(Tool.Run("code", "--secret", Tool.Secret, "--at", "-30"), code);
    }

    [Fact]
    public void Code_NoTime_IsVerifiedNow()
    {
        var code = Tool.Run("code", "--secret", Tool.Secret);

        Assert.StartsWith("{\"accepted\":true,", Tool.Run("verify", code, "--secret", Tool.Secret, "--back", "50"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GE")]
    [InlineData("ge======")]
    public void Code_OneByteSecret_IsAccepted(string secret) =>
        Assert.Equal(Tool.Run("code", "--secret", "GE", "--at", "0"), Tool.Run("code", "--secret", secret, "--at", "0"));

    private static (string Secret, string Algorithm, int Digits, int Period, long Time) Account(int number)
    {
        var bytes = SHA256.HashData([(byte)number]);
        var algorithm = new[] { "SHA1", "SHA256", "SHA512" }[number % 3];
        return (Base32.Encode(bytes.AsSpan(0, 16 + number % 17)), algorithm, 6 + number % 2 * 2, 15 + number * 7, 1_000_000_007L * (number + 1));
    }

    private static string CodeOfTool((string Secret, string Algorithm, int Digits, int Period, long Time) account) => Tool.Run(
        "code", "--secret", account.Secret, "--algorithm", account.Algorithm, "--digits", $"{account.Digits}", "--period", $"{account.Period}", "--at", $"{account.Time}");

    private static string CodeOfOathtool((string Secret, string Algorithm, int Digits, int Period, long Time) account)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(account.Time).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return ExternalProgram.Run("oathtool", [$"--totp={account.Algorithm}", "-d", $"{account.Digits}", "-s", $"{account.Period}s", "-N", time, "-b", account.Secret]).TrimEnd('\n');
    }
}
