using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class MfaOptionsTests
{
    private static readonly MfaOptions Valid = new() { Issuer = "Callroute" };

    public static TheoryData<string, Func<object>> OutOfRange => new()
    {
        { "Window", () => Valid with { Window = new TimeWindow(3, 1) } },
        { "Window", () => Valid with { Window = new TimeWindow(1, 2) } },
        { "MaximumAuthenticators", () => Valid with { MaximumAuthenticators = 0 } },
        { "MaximumAuthenticators", () => Valid with { MaximumAuthenticators = 6 } },
        { "EnrollmentLifetime", () => Valid with { EnrollmentLifetime = TimeSpan.FromSeconds(59) } },
        { "EnrollmentTries", () => Valid with { EnrollmentTries = 11 } },
        { "StepUpAge", () => Valid with { StepUpAge = TimeSpan.FromMinutes(61) } },
        { "Count", () => new RecoveryOptions { Count = 17 } },
        { "FreeFailures", () => new ThrottlePolicy { FreeFailures = 0 } },
        { "FirstWait", () => new ThrottlePolicy { FirstWait = TimeSpan.Zero } },
        { "MaximumWait", () => new ThrottlePolicy { MaximumWait = TimeSpan.FromHours(25) } },
        { "BudgetSize", () => new ThrottlePolicy { BudgetSize = 1001 } },
        { "BudgetRefill", () => new ThrottlePolicy { BudgetRefill = TimeSpan.Zero } },
    };

    [Fact]
    public void Defaults_OfAllOptions_AreTheDocumentedOnes()
    {
        Assert.Equal(TotpParameters.Default, Valid.Parameters);
        Assert.Equal(new TimeWindow(1, 1), Valid.Window);
        Assert.False(Valid.AllowShortCodes);
        Assert.Equal((2, 5), (Valid.MaximumAuthenticators, Valid.EnrollmentTries));
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)), (Valid.EnrollmentLifetime, Valid.StepUpAge));
        Assert.Equal((1, true, null), (Valid.Recovery.Count, Valid.Recovery.RegenerateOnUse, Valid.Recovery.Peppers));
        Assert.Equal((20, 100), (Valid.TotpThrottle.SuspendAt, Valid.RecoveryThrottle.SuspendAt));
        Assert.All([Valid.TotpThrottle, Valid.RecoveryThrottle], policy =>
        {
            Assert.Equal((5, 30), (policy.FreeFailures, policy.BudgetSize));
            Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), TimeSpan.FromDays(1)), (policy.FirstWait, policy.MaximumWait, policy.BudgetRefill));
        });
    }

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void Property_OutOfRange_IsRefusedByName(string name, Func<object> make)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(make);

        Assert.Equal(name, exception.ParamName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData(" a")]
    [InlineData("a\n")]
    public void Issuer_WrongForm_IsRefusedByName(string issuer) =>
        Assert.Equal("Issuer", Assert.Throws<ArgumentException>(() => new MfaOptions { Issuer = issuer }).ParamName);

    [Fact]
    public void Parameters_AnotherT0_IsRefused() =>
        Assert.Equal("Parameters", Assert.Throws<ArgumentException>(() => Valid with { Parameters = new TotpParameters { T0 = DateTimeOffset.UnixEpoch.AddSeconds(1) } }).ParamName);

    [Fact]
    public void MfaService_MissingPart_IsRefusedByName()
    {
        var (store, protector, hasher) = (new InMemoryMfaStore(), new AesGcmSecretProtector(Scenario.NewKeys("k")), new ProbeHasher());

        Assert.Throws<ArgumentNullException>("store", () => new MfaService(null!, protector, hasher, Valid));
        Assert.Throws<ArgumentNullException>("protector", () => new MfaService(store, null!, hasher, Valid));
        Assert.Throws<ArgumentNullException>("hasher", () => new MfaService(store, protector, null!, Valid));
        Assert.Throws<ArgumentNullException>("options", () => new MfaService(store, protector, hasher, null!));
    }

    [Fact]
    public void MfaService_LongestWaitBelowTheFirst_IsRefusedByName()
    {
        var policy = new ThrottlePolicy { FirstWait = TimeSpan.FromMinutes(10), MaximumWait = TimeSpan.FromMinutes(1) };
        var (store, protector, hasher) = (new InMemoryMfaStore(), new AesGcmSecretProtector(Scenario.NewKeys("k")), new ProbeHasher());

        var totp = Assert.Throws<ArgumentException>(() => new MfaService(store, protector, hasher, Valid with { TotpThrottle = policy }));
        var recovery = Assert.Throws<ArgumentException>(() => new MfaService(store, protector, hasher, Valid with { RecoveryThrottle = policy }));

        Assert.StartsWith("TotpThrottle.MaximumWait must be at least FirstWait, 00:10:00.", totp.Message, StringComparison.Ordinal);
        Assert.StartsWith("RecoveryThrottle.MaximumWait must be at least FirstWait, 00:10:00.", recovery.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MfaService_ShortCodesNotAllowed_AreRefused()
    {
        var options = Valid with { Parameters = new TotpParameters { Digits = 5 } };

        var exception = Assert.Throws<ArgumentException>(() => new MfaService(new InMemoryMfaStore(), new AesGcmSecretProtector(Scenario.NewKeys("k")), new ProbeHasher(), options));

        Assert.Contains(nameof(MfaOptions.AllowShortCodes), exception.Message, StringComparison.Ordinal);
    }
}
