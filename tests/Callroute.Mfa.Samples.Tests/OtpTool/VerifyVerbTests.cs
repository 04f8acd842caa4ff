namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class VerifyVerbTests
{
    private const string Refused = """{"accepted":false,"timeStep":null,"drift":null}""";

    [Theory]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":0}""", "287082", "--at", "59")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":0}""", "287 082", "--at", "30")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":-1}""", "287082", "--at", "60")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":1}""", "287082", "--at", "0")]
    [InlineData(0, """{"accepted":true,"timeStep":0,"drift":0}""", "755224", "--counter", "0")]
    [InlineData(0, """{"accepted":true,"timeStep":9,"drift":9}""", "520489", "--counter", "0", "--forward", "9")]
    [InlineData(1, Refused, "287082", "--at", "90")]
    [InlineData(1, Refused, "287082", "--at", "60", "--back", "0")]
    [InlineData(1, Refused, "287082", "--at", "29", "--forward", "0")]
    [InlineData(1, Refused, "287083", "--at", "59")]
    [InlineData(1, Refused, "755224", "--counter", "1", "--forward", "100")]
    [InlineData(1, Refused, "287082", "--counter", "0")]
    [InlineData(1, Refused, "28708a", "--at", "59")]
    [InlineData(1, Refused, "", "--at", "59")]
    public void Verify_Code_IsAcceptedInTheWindowOnly(int exitCode, string json, string code, params string[] options) => Assert.Equal(
        (exitCode, json + "\n", string.Empty), Tool.RunAny(["verify", code, "--json", "--secret", Tool.Secret, .. options]));
}
