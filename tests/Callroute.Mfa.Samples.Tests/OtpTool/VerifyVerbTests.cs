namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class VerifyVerbTests
{
    [Theory]
    [InlineData("""{"accepted":true,"timeStep":1,"drift":0}""", "287082", "--at", "59")]
    [InlineData("""{"accepted":true,"timeStep":1,"drift":0}""", "287 082", "--at", "30")]
    [InlineData("""{"accepted":true,"timeStep":1,"drift":-1}""", "287082", "--at", "60")]
    [InlineData("""{"accepted":true,"timeStep":1,"drift":1}""", "287082", "--at", "0")]
    [InlineData("""{"accepted":true,"timeStep":0,"drift":0}""", "755224", "--counter", "0")]
    [InlineData("""{"accepted":true,"timeStep":9,"drift":9}""", "520489", "--counter", "0", "--forward", "9")]
    public void Verify_CodeInWindow_IsAccepted(string json, string code, params string[] options)
    {
        var (exitCode, output, error) = Tool.RunAny(["verify", code, "--secret", Tool.Secret, .. options]);

        Assert.Equal((0, json + "\n", string.Empty), (exitCode, output, error));
    }

    [Theory]
    [InlineData("287082", "--at", "90")]
    [InlineData("287082", "--at", "60", "--back", "0")]
    [InlineData("287082", "--at", "29", "--forward", "0")]
    [InlineData("287083", "--at", "59")]
    [InlineData("755224", "--counter", "1", "--forward", "100")]
    [InlineData("287082", "--counter", "0")]
    [InlineData("28708a", "--at", "59")]
    [InlineData("", "--at", "59")]
    public void Verify_CodeWrongOrMalformed_IsNotAccepted(string code, params string[] options)
    {
        var (exitCode, output, error) = Tool.RunAny(["verify", code, "--secret", Tool.Secret, .. options]);

        Assert.Equal((1, "{\"accepted\":false}\n", string.Empty), (exitCode, output, error));
    }
}
