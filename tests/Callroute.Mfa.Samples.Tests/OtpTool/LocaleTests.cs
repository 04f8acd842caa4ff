namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class LocaleTests
{
    public static TheoryData<string[]> CommandLines => new()
    {
        { ["code", "--secret", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "--algorithm", "sha256", "--at", "-59"] },
        { ["verify", "287082", "--secret", Tool.Secret, "--at", "60"] },
        { ["uri", "--issuer", "Iıİi", "--account", "株式会社", "--secret", Tool.Secret, "--digits", "8"] },
        { ["parse", $"OTPAUTH://TOTP/Iıİi?secret={Tool.Secret}"] },
        { ["parse", $"otpauth://hotp/I:i?secret={Tool.Secret}&counter=1234567"] },
        { ["code", "--secret", Tool.Secret, "--at", "x"] },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Run_AnyLocale_GivesTheSame(string[] arguments)
    {
        ExternalProgram.Require("env");

        var results = new[] { "C.UTF-8", "tr_TR.UTF-8", "fa_IR.UTF-8" }
            .Select(locale => ExternalProgram.RunAny("env", [$"LC_ALL={locale}", $"LANG={locale}", "dotnet", Tool.File, .. arguments]))
            .ToArray();

        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.NotEmpty(results[0].Output + results[0].Error);
    }
}
