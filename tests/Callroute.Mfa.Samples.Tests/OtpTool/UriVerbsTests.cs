using System.Text.Json;
using Callroute.Mfa.Hashing.Tests.QrCode;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

/// <summary>The verbs <c>uri</c>, <c>parse</c> and <c>qr</c>.</summary>
public sealed class UriVerbsTests
{
    private const string PlainUri =
        $"otpauth://totp/Call%20route:ann%40example.com?secret={Tool.Secret}&issuer=Call%20route&algorithm=SHA1&digits=6&period=30";

    [Fact]
    public void Uri_Defaults_StatesEverything() =>
        Assert.Equal(PlainUri, Tool.Run("uri", "--issuer", "Call route", "--account", "ann@example.com", "--secret", Tool.Secret));

    [Fact]
    public void Uri_AllOptions_StatesThem() => Assert.Equal(
        $"otpauth://totp/I:A?secret={Tool.Secret}&issuer=I&algorithm=SHA512&digits=8&period=60",
        Tool.Run(
            "uri", "--issuer", "I", "--account", "A", "--secret", Tool.Secret, "--algorithm", "sha512", "--digits", "8", "--period", "60",
            "--t0", "0"));

    [Fact]
    public void Uri_Counter_IsCounterBased() => Assert.Equal(
        $"otpauth://hotp/I:A?secret={Tool.Secret}&issuer=I&algorithm=SHA1&digits=6&counter=7",
        Tool.Run("uri", "--issuer", "I", "--account", "A", "--secret", Tool.Secret, "--counter", "7"));

    [Fact]
    public void Parse_TotpUri_TellsAllButTheSecret() => Assert.Equal(
        """{"type":"totp","issuer":"Call route","account":"ann@example.com","algorithm":"SHA1","digits":6,"period":30,"warnings":[]}""",
        Tool.Run("parse", PlainUri, "--json"));

    [Fact]
    public void Parse_HotpUri_TellsCounterAndWarnings()
    {
        var json = Tool.RunForJson("parse", $"otpauth://hotp/ann?secret={Tool.Secret}&counter=9223372036854775807");

        Assert.Equal(
            ["type", "issuer", "account", "algorithm", "digits", "counter", "warnings"],
            json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ("hotp", string.Empty, long.MaxValue),
            (json.GetProperty("type").GetString(), json.GetProperty("issuer").GetString(), json.GetProperty("counter").GetInt64()));
        Assert.Contains(
            "Microsoft: Treats a counter-based account as time-based.",
            json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public void Parse_ShowSecret_TellsIt() =>
        Assert.Equal(Tool.Secret, Tool.RunForJson("parse", "--show-secret", PlainUri).GetProperty("secret").GetString());

    [Theory]
    [InlineData("Ünïcødé 株式会社", true)]
    [InlineData("""quotes " ' \ < & >""", false)]
    [InlineData("emoji 🔐", false)]
    [InlineData("line\u2028separator", false)]
    public void Parse_AnyName_IsValidJson(string name, bool isReadable)
    {
        var output = Tool.Run("parse", "--json", Tool.Run("uri", "--issuer", name, "--account", name, "--secret", Tool.Secret));

        Assert.Equal(name, JsonDocument.Parse(output).RootElement.GetProperty("account").GetString());
        Assert.Equal(isReadable, output.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PNG")]
    [InlineData("svg")]
    public void Qr_File_IsReadBackAndItsOwnersAlone(string extension)
    {
        PictureReader.RequirePrograms();
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.{extension}");

        Assert.Empty(Tool.Run("qr", PlainUri, "--output", file));

        var read = extension == "svg" ? PictureReader.ReadSvg(File.ReadAllText(file)) : PictureReader.ReadPng(File.ReadAllBytes(file));
        Assert.Equal(PlainUri, read);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        File.Delete(file);
    }

    [Fact]
    public void Qr_NoFile_IsReadFromTheTerminal()
    {
        PictureReader.RequirePrograms();

        var output = Tool.Run("qr", PlainUri, "--output", "-");

        Assert.Equal(PlainUri, PictureReader.ReadTerminal(output));
    }

    [Fact]
    public void Qr_UriTooLong_IsOneLine()
    {
        var name = new string('株', 100);
        var uri = Tool.Run("uri", "--issuer", name, "--account", name + name, "--secret", Tool.Secret);

        var (exitCode, output, error) = Tool.RunAny(["qr", uri, "--output", "-"]);

        Assert.Equal((2, string.Empty, "The URI is too long for a QR code.\n"), (exitCode, output, error));
    }
}
