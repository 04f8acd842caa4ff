namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class MigrateVerbTests
{
    // From the documentation of a public decoder, which has the account in both forms.
    private const string Export = "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC";

    private const string Unknown = ", which is not known. It may be from a newer version of the app.";

    [Fact]
    public void Migrate_ExportOfTheApp_IsTheAccount() => Assert.Equal(
        "otpauth://totp/Example:alice%40google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example&algorithm=SHA1&digits=6&period=30",
        Tool.Run("migrate", Export));

    [Fact]
    public void Migrate_AccountsOfEveryKind_ComeBackThroughSeveralCodes()
    {
        string[] accounts =
        [
            .. Enumerable.Range(0, 11).Select(i => Tool.Run("uri", "--issuer", "Übung", "--account", $"ann{i}", "--secret", Tool.Secret)),
            Tool.Run("uri", "--issuer", "I", "--account", "a", "--secret", Tool.Secret, "--algorithm", "SHA512", "--digits", "8"),
            Tool.Run("uri", "--issuer", "I", "--account", "a", "--secret", Tool.Secret, "--algorithm", "SHA256", "--counter", "7"),
        ];

        var codes = Tool.Run(["migrate", .. accounts]).Split('\n');

        Assert.Equal(2, codes.Length);
        Assert.Equal(accounts, Tool.RunWithInput(string.Join('\n', codes.Reverse()), "migrate", "-").Split('\n'));
        Assert.Equal((2, string.Empty, "The export has 2 QR codes. Missing: 1.\n"), Tool.RunAny(["migrate", codes[1]]));
    }

    [Theory]
    [InlineData("otpauth-migration://offline?data=!", "URI 1 must be otpauth-migration://offline?data= and Base64.")]
    [InlineData("otpauth-migration://online?data=AA%3D%3D", "URI 1 must be otpauth-migration://offline?data= and Base64.")]
    [InlineData("otpauth-migration://offline?data=Cv8%3D", "URI 1 is damaged.")]
    [InlineData("otpauth-migration://offline?data=MAE%3D", "URI 1 has field 6" + Unknown)]
    [InlineData("otpauth-migration://offline?data=CgJIAQ%3D%3D", "URI 1, account 1 has field 9" + Unknown)]
    [InlineData("otpauth-migration://offline?data=CgQgBDAC", "URI 1, account 1 has an unknown algorithm, length of codes or type.")]
    [InlineData("otpauth-migration://offline?data=CgIwAg%3D%3D", "URI 1, account 1 has no secret, no name, or one that no app can show.")]
    [InlineData("otpauth-migration://offline?data=EAkYAQ%3D%3D", "URI 1 is of an unknown version, or its numbers contradict one another.")]
    [InlineData("otpauth-migration://offline?data=GAEgAQ%3D%3D", "URI 1 is of an unknown version, or its numbers contradict one another.")]
    [InlineData(
        $"otpauth://totp/I:a?secret={Tool.Secret}&issuer=I&period=60",
        "URI 1: Google Authenticator supports only 6 or 8 digits and a time step of 30 s.")]
    public void Migrate_WhatNobodyCanConvert_IsOneLine(string text, string error) =>
        Assert.Equal((2, string.Empty, error + "\n"), Tool.RunAny(["migrate", text]));

    [Fact]
    public void Migrate_BothKinds_IsRefused() => Assert.Equal(
        (2, string.Empty, "Give the texts of an export, or otpauth URIs, but not both.\n"),
        Tool.RunAny(["migrate", Export, $"otpauth://totp/a?secret={Tool.Secret}"]));

    [Theory]
    [InlineData("otpauth://totp/I:a?secret=gezd%20gnbv-gy3tqojqgezdgnbvgy3tqojq%3D&image=x&algorithm=HmacSHA1")]
    public void Parse_UriOfAnotherSystem_IsReadAsAppsDo(string uri) =>
        Assert.Equal(Tool.Secret, Tool.RunForJson("parse", "--show-secret", uri).GetProperty("secret").GetString());
}
