using Callroute.Mfa.Hashing.Tests.QrCode;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class NativeAotTests
{
    private const string Issuer = "Ünïcødé 株式会社";

    public NativeAotTests() => NativeAotPublish.Require();

    [Fact]
    public void Publish_OtpTool_WorksWithoutWarnings()
    {
        Assert.Equal("94287082\n", Run("code", "--secret", Tool.Secret, "--digits", "8", "--at", "59"));
        Assert.StartsWith("0.1.0", Run("--version"), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NativeBinary_SaysTheSame()
    {
        var uri = Run("uri", "--issuer", Issuer, "--account", "ann", "--secret", Tool.Secret, "--algorithm", "SHA512").TrimEnd('\n');

        Assert.Equal(Tool.Run("parse", uri), Run("parse", uri).TrimEnd('\n'));
        Assert.Equal($"{uri}\n", Run("migrate", Run("migrate", uri).TrimEnd('\n')));
    }

    [Fact]
    public void Qr_NativeBinary_IsReadBack()
    {
        PictureReader.RequirePrograms();
        var uri = Run("uri", "--issuer", Issuer, "--account", "ann", "--secret", Tool.Secret).TrimEnd('\n');
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.png");

        Run("qr", uri, "--output", file);

        Assert.Equal(uri, PictureReader.ReadPng(File.ReadAllBytes(file)));
        File.Delete(file);
    }

    [Fact]
    public void Recovery_NativeBinary_ChecksItsOwn()
    {
        var line = Run("recovery", "new", "--count", "1").TrimEnd('\n').Split('\t');

        Assert.Equal("match\n", Run("recovery", "check", line[0], line[1]));
    }

    [Fact]
    public void Run_NativeBinaryBadInput_IsOneLine()
    {
        var (exitCode, output, error) = ExternalProgram.RunAny(
            NativeAotPublish.Executable("samples/OtpTool"), ["code", "--secret", Tool.Secret, "--digits", "3"]);

        Assert.Equal((2, string.Empty, "--digits must be a whole number from 4 to 8.\n"), (exitCode, output, error));
    }

    private static string Run(params string[] arguments) => ExternalProgram.Run(NativeAotPublish.Executable("samples/OtpTool"), arguments);
}
