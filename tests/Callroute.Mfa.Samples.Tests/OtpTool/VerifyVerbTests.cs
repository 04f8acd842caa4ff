namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class VerifyVerbTests
{
    private const string Unlike = """{"accepted":false,"timeStep":null,"drift":null,"clockOffset":null}""";
    private const string Refused = """{"accepted":false,"timeStep":null,"drift":null}""";

    [Theory]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":0,"clockOffset":[-29,1]}""", "287082", "--at", "59")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":0,"clockOffset":[0,30]}""", "287 082", "--at", "30")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":-1,"clockOffset":[-30,0]}""", "287082", "--at", "60")]
    [InlineData(0, """{"accepted":true,"timeStep":1,"drift":1,"clockOffset":[30,60]}""", "287082", "--at", "0")]
    [InlineData(0, """{"accepted":true,"timeStep":0,"drift":0}""", "755224", "--counter", "0")]
    [InlineData(0, """{"accepted":true,"timeStep":9,"drift":9}""", "520489", "--counter", "0", "--forward", "9")]
    [InlineData(1, """{"accepted":false,"timeStep":1,"drift":-2,"clockOffset":[-60,-30]}""", "287082", "--at", "90")]
    [InlineData(1, """{"accepted":false,"timeStep":1,"drift":-2879,"clockOffset":[-86370,-86340]}""", "287082", "--at", "86400")]
    [InlineData(1, """{"accepted":false,"timeStep":1,"drift":-1,"clockOffset":[-30,0]}""", "287082", "--at", "60", "--back", "0")]
    [InlineData(1, """{"accepted":false,"timeStep":1,"drift":1,"clockOffset":[1,31]}""", "287082", "--at", "29", "--forward", "0")]
    [InlineData(1, Unlike, "287083", "--at", "59")]
    [InlineData(1, Refused, "755224", "--counter", "1", "--forward", "100")]
    [InlineData(1, Refused, "287082", "--counter", "0")]
    [InlineData(1, Unlike, "28708a", "--at", "59")]
    [InlineData(1, Unlike, "", "--at", "59")]
    public void Verify_Code_IsAcceptedInTheWindowOnly(int exitCode, string json, string code, params string[] options) => Assert.Equal(
        (exitCode, json + "\n", string.Empty), Tool.RunAny(["verify", code, "--json", "--secret", Tool.Secret, .. options]));

    [Theory]
    [InlineData("0", "the authenticator is 30 to 60 s ahead of this clock")]
    [InlineData("59", "right: at most 29 s behind or 1 s ahead")]
    [InlineData("600", "the authenticator is 540 to 570 s behind this clock")]
    [InlineData("999999", "unknown: no code of a day before or after is like this")]
    public void Verify_ForPeople_SaysHowFarTheClockIsOff(string time, string words) => Assert.Contains(
        $"Clock offset │ {words}",
        Tool.RunAny(["verify", "287082", "--secret", Tool.Secret, "--at", time]).Output,
        StringComparison.Ordinal);
}
