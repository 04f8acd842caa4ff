using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using static System.FormattableString;

namespace Callroute.Mfa.Core.Tests.Contract;

public sealed class MfaOptionsTests
{
    public static TheoryData<string> Ranged => [.. OptionsSetting.All.Where(setting => setting.HasRange).Select(setting => setting.Name)];

    public static TheoryData<string> Settings => [.. OptionsSetting.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Ranged))]
    public void Setting_OutOfRange_IsRefusedWithPathRangeAndValue(string name)
    {
        var setting = Named(name);
        var (minimum, maximum) = setting.DocumentedRange();
        object[] outside =
            [setting.Next(minimum, -1), setting.Next(maximum, 1), Extreme(setting, "MinValue"), Extreme(setting, "MaxValue")];
        Assert.All(outside, value =>
        {
            var options = Valid();
            setting.Set(options, value);

            var exception = Assert.Throws<ArgumentException>("options", () => NewService(options));

            var (range, was) = (Invariant($"MfaOptions.{name} must be {minimum}–{maximum}"), Invariant($", was {value}."));
            Assert.Contains(range, exception.Message, StringComparison.Ordinal);
            Assert.Contains(was, exception.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Ranged))]
    public void Setting_AtEitherEndOfItsRange_IsAccepted(string name)
    {
        var setting = Named(name);
        var (minimum, maximum) = setting.DocumentedRange();
        Assert.All([minimum, maximum], value =>
        {
            var options = Valid();
            setting.Set(options, value);

            Assert.DoesNotContain(options.Validate(), error => error.StartsWith($"MfaOptions.{name} ", StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_Default_IsTheDocumentedOne(string name)
    {
        var setting = Named(name);
        if (setting.HasRange && setting.Get(new MfaOptions()) is { } value)
        {
            Assert.Contains(value, setting.DocumentedDefaults());
        }

        Assert.Contains(name == nameof(MfaOptions.Issuer) ? "Required" : "default is", setting.Documented, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_OfAllOptions_AreValidAndDifferOnlyInTheLockout()
    {
        var options = new MfaOptions { Issuer = "Callroute" };

        Assert.Empty(options.Validate());
        Assert.Equal((OtpAlgorithm.Sha1, false, true), (options.Algorithm, options.AllowShortCodes, options.Recovery.RegenerateOnUse));
        Assert.True(options.AskToReplaceImported);
        Assert.Null(options.Recovery.Peppers);
        Assert.Equal((20, 100), (options.TotpThrottle.LockoutThreshold, options.RecoveryThrottle.LockoutThreshold));
        options.TotpThrottle.LockoutThreshold = 100;
        Assert.Equivalent(options.RecoveryThrottle, options.TotpThrottle, strict: true);
    }

    [Fact]
    public void Validate_SeveralErrors_GivesAll()
    {
        var options = new MfaOptions { EnrollmentTries = 11, Recovery = { Count = 40 } };

        Assert.Equal(
            [
                "MfaOptions.Issuer is missing: set it to the application's name, as authenticator apps show it.",
                "MfaOptions.EnrollmentTries must be 1–10, was 11.",
                "MfaOptions.Recovery.Count must be 1–16, was 40.",
            ],
            options.Validate());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData(" a")]
    [InlineData("a\n")]
    [InlineData("\u200B")]
    public void Issuer_WrongForm_IsRefusedByName(string? issuer)
    {
        var exception = Assert.Throws<ArgumentException>("options", () => NewService(new MfaOptions { Issuer = issuer! }));

        Assert.StartsWith("MfaOptions.Issuer ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Algorithm_Undefined_IsRefusedWithTheNames() => Assert.Equal(
        ["MfaOptions.Algorithm must be Sha1, Sha256, Sha512, was 99."],
        Changed(options => options.Algorithm = (OtpAlgorithm)99).Validate());

    [Fact]
    public void Period_PartOfASecond_IsRefused() => Assert.Equal(
        ["MfaOptions.Period must be a whole number of seconds, was 00:00:30.5000000."],
        Changed(options => options.Period = TimeSpan.FromSeconds(30.5)).Validate());

    [Fact]
    public void RememberBrowserLifetime_LongerThanThatOfKnownDevices_IsRefused()
    {
        var days = TimeSpan.FromDays(7);
        var options = Changed(it => (it.KnownDeviceLifetime, it.RememberBrowserLifetime) = (days, days + TimeSpan.FromTicks(1)));

        Assert.Equal(
            ["MfaOptions.RememberBrowserLifetime must be at most KnownDeviceLifetime, was 7.00:00:00.0000001."], options.Validate());
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(3, true)]
    public void Digits_FewerThanAllowed_AreRefusedWithTheAdvice(int digits, bool allowShortCodes) => Assert.Equal(
        [allowShortCodes ? "MfaOptions.Digits must be 4–8, was 3." : "MfaOptions.Digits must be 6–8, or 4–8 with AllowShortCodes, was 5."],
        Changed(options => (options.Digits, options.AllowShortCodes) = (digits, allowShortCodes)).Validate());

    // The largest number of authenticators, and both groups of devices.
    [Theory]
    [InlineData(1, 3, 0.0009)]
    [InlineData(2, 3, 0.0018)]
    [InlineData(5, 4, 0.0060)]
    public void GuessingChance_DefaultThrottle_IsTheOneOfAYear(int authenticators, int window, double expected)
    {
        var options = new MfaOptions { Issuer = "Callroute", MaximumAuthenticators = authenticators, PastSteps = window - 2 };

        Assert.Equal(expected, options.GuessingChance, 4);
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData(4, 30, 3, "16.6 %")]
    [InlineData(6, 1000, 3, "1.3 %")]
    [InlineData(6, 30, 1.0 / 24, "10.0 %")]
    public void GuessingChance_AboveOnePercent_IsRefusedWithTheAdvice(int digits, int allowance, double regainDays, string chance)
    {
        var options = new MfaOptions { Issuer = "Callroute", AllowShortCodes = true, Digits = digits };
        options.TotpThrottle.FailureAllowance = allowance;
        options.TotpThrottle.AllowanceRegainInterval = TimeSpan.FromDays(regainDays);

        var error = Assert.Single(options.Validate());
        Assert.Contains($"with a chance of {chance}, and must not exceed 1 %. Raise Digits or ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_OriginalChanged_StaysTheSame()
    {
        var options = Valid();
        options.OnEvent = (_, _) => ValueTask.CompletedTask;
        options.OnEnrolledChanged = (_, _) => ValueTask.CompletedTask;
        options.Recovery.Peppers = Scenario.NewKeys("p");
        options.RememberBrowserLifetime = TimeSpan.FromDays(7);
        var before = OptionsSetting.All.Select(setting => setting.Get(options)).ToArray();

        var copy = options.Copy();
        Assert.All(OptionsSetting.All, setting => setting.Set(options, Other(setting, setting.Get(options))));

        Assert.Equal(before, OptionsSetting.All.Select(setting => setting.Get(copy)));
        Assert.All(OptionsSetting.All, setting => Assert.NotEqual(setting.Get(copy), setting.Get(options)));
    }

    [Fact]
    public async Task MfaService_OptionsChangedLater_KeepsThoseOfItsCreation()
    {
        var options = new MfaOptions { Issuer = "Callroute" };
        var service = NewService(options);
        (options.Issuer, options.Digits, options.Recovery.Count) = ("Other", 8, 5);

        var user = new MfaSubject("user");
        var offer = await service.BeginEnrollmentAsync(user, "alice", cancellationToken: Scenario.Token);
        var phone = Testing.VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        var confirmed = await service.ConfirmEnrollmentAsync(user, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

        Assert.Equal(("Callroute", 6), (offer.Uri.Issuer, offer.Uri.Totp!.Digits));
        Assert.Single(confirmed.RecoveryCodes!.Reveal());
    }

    [Fact]
    public void MfaService_MissingPart_IsRefusedByName()
    {
        var (store, protector, hasher) = (new InMemoryMfaStore(), new AesGcmSecretProtector(Scenario.NewKeys("k")), new ProbeHasher());

        Assert.Throws<ArgumentNullException>("store", () => new MfaService(null!, protector, hasher, Valid()));
        Assert.Throws<ArgumentNullException>("protector", () => new MfaService(store, null!, hasher, Valid()));
        Assert.Throws<ArgumentNullException>("hasher", () => new MfaService(store, protector, null!, Valid()));
        Assert.Throws<ArgumentNullException>("options", () => new MfaService(store, protector, hasher, null!));
    }

    private static OptionsSetting Named(string name) => OptionsSetting.All.Single(setting => setting.Name == name);

    // The longest codes, so that every other setting may take its extremes. The documented digits are those without short codes.
    private static MfaOptions Valid() => new() { Issuer = "Callroute", Digits = 8 };

    private static MfaOptions Changed(Action<MfaOptions> change) => Valid().With(change);

    private static MfaService NewService(MfaOptions options) =>
        new(new InMemoryMfaStore(), new AesGcmSecretProtector(Scenario.NewKeys("k")), new ProbeHasher(), options);

    private static object Extreme(OptionsSetting setting, string field) => setting.Type.GetField(field)!.GetValue(null)!;

    private static object? Other(OptionsSetting setting, object? value) => value switch
    {
        int or TimeSpan => setting.Next(value, 1),
        bool flag => !flag,
        string text => text + "2",
        OtpAlgorithm => OtpAlgorithm.Sha512,
        KeyRing => Scenario.NewKeys("p2"),
        _ => null,
    };
}
