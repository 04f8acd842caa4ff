using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests.Registration;

public sealed class RegistrationTests
{
    private static readonly (string, string) Issuer = ("Callroute:Mfa:Issuer", "Test");

    public static TheoryData<string, Action<IServiceCollection>> Mistakes => new()
    {
        {
            "IMfaUsers.SetEnrolledAsync",
            services => services.Configure<MfaOptions>(options => options.OnEnrolledChanged = (_, _) => ValueTask.CompletedTask)
        },
        { "IMfaStore is registered as Scoped", services => services.AddScoped<IMfaStore>(_ => new InMemoryMfaStore()) },
        { "no key", services => services.AddSingleton<ISecretProtector>(_ => throw new InvalidOperationException("no key")) },
    };

    // In Development, the container checks the constructors of all services first.
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Start_NothingChosen_SaysEverythingThatIsMissing(string environment)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => BareApp.StartAsync(services => services.AddCallrouteMfa(), environment: environment));

        Assert.Contains("No store: call UseSql, UseEntityFramework, UseRedis or UseInMemory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No protector of secrets: call UseDataProtection or UseAesGcm", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No hasher of recovery codes: call UseArgon2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No IMfaUsers is registered", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MfaOptions.Issuer is missing", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mfa:Digits", "9", "MfaOptions.Digits must be 6–8, or 4–8 with AllowShortCodes, was 9.")]
    [InlineData("Mfa:StepUpAge", "10", "MfaOptions.StepUpAge must be 00:01:00–01:00:00, was 10.00:00:00.")]
    [InlineData("Mfa:TotpThrottle:FreeFailures", "0", "MfaOptions.TotpThrottle.FreeFailures must be 1–100, was 0.")]
    [InlineData("Mfa:Recovery:Peppers:k1", "AAAA", "MfaOptions.Recovery.Peppers is set in the configuration.")]
    [InlineData("MfaSignIn:ChallengeLifetime", "00:00:10", "MfaSignInOptions.ChallengeLifetime must be 00:01:00–01:00:00, was 00:00:10.")]
    [InlineData("MfaSignIn:ChallengeLifetime", "02:00:00", "MfaSignInOptions.ChallengeLifetime must be 00:01:00–01:00:00, was 02:00:00.")]
    [InlineData("MfaSignIn:UserIdClaim", "", "MfaSignInOptions.UserIdClaim ")]
    [InlineData("MfaSignIn:UserIdClaim", "AMR", "MfaSignInOptions.UserIdClaim ")]
    [InlineData("MfaSignIn:TenantClaim", "", "MfaSignInOptions.TenantClaim ")]
    [InlineData("MfaSignIn:CookieName", "a cookie", "MfaSignInOptions.CookieName must be 1–64 letters, digits, or - _ ., was 'a cookie'.")]
    [InlineData("MfaSignIn:CookiePath", "shop", "MfaSignInOptions.CookiePath must begin with /")]
    [InlineData("MfaSignIn:CookiePath", "/shop/v1.0", "Browsers drop a cookie that begins with __Host- and whose path is not /.")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "*", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "null", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "app.example.com", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://app.example.com/", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://app.example.com/path", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://*.example.com", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "http://app.example.com", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins", "https://app.example.com", "MfaSignInOptions.AllowedOrigins is a list")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://App.example.com", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://app.example.com:443", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:AllowedOrigins:0", "https://user@app.example.com", "MfaSignInOptions.AllowedOrigins takes exact origins")]
    [InlineData("MfaSignIn:TenantClaim", "mfa_time", "MfaSignInOptions.TenantClaim ")]
    [InlineData("MfaSignIn:TenantClaim", ClaimTypes.NameIdentifier, "MfaSignInOptions.TenantClaim ")]
    public async Task Start_SettingOutOfRange_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(Issuer, ($"Callroute:{setting}", value)));

        Assert.StartsWith(expected, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void UsePbkdf2_Iterations_AreThoseOfTheHasher()
    {
        var services = new ServiceCollection();
        services.AddCallrouteMfa().UsePbkdf2(iterations: 2000);

        using var provider = services.BuildServiceProvider();

        var settings = provider.GetRequiredService<IRecoveryCodeHasher>().CreateSettings();
        Assert.StartsWith("$pbkdf2-sha512$i=2000,l=32$", settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralSettingsOutOfRange_NamesAll()
    {
        var exception = await Assert.ThrowsAsync<AggregateException>(() => StartAsync(
            Issuer,
            ("Callroute:Mfa:Digits", "9"),
            ("Callroute:Mfa:Recovery:Count", "0"),
            ("Callroute:MfaSignIn:ChallengeLifetime", "00:00:10")));

        Assert.Equal(
            [
                "MfaOptions.Digits must be 6–8, or 4–8 with AllowShortCodes, was 9.",
                "MfaOptions.Recovery.Count must be 1–16, was 0.",
                "MfaSignInOptions.ChallengeLifetime must be 00:01:00–01:00:00, was 00:00:10.",
            ],
            exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures));
    }

    [Theory]
    [InlineData("Mfa:Digits", "six", "'Callroute:Mfa:Digits'")]
    [InlineData("Mfa:Algorithm", "Sha3", "'Callroute:Mfa:Algorithm'")]
    [InlineData("Mfa:Period", "soon", "'Callroute:Mfa:Period'")]
    [InlineData("Mfa:StepUpAgee", "00:05:00", "'StepUpAgee'")]
    [InlineData("Mfa:TotpThrottle:LockoutTreshold", "5", "'LockoutTreshold'")]
    [InlineData("Mfa:TenantClaim", "tid", "'TenantClaim'")]
    [InlineData("Mfa:OnEvent", "log", "'OnEvent'")]
    [InlineData("MfaSignIn:TenantClam", "tid", "'TenantClam'")]
    public async Task Start_SettingThatIsUnknownOrCannotBeRead_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(Issuer, ($"Callroute:{setting}", value)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task Start_PartThatCannotBeUsed_IsRefusedWithTheReason(string reason, Action<IServiceCollection> add)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(add, Issuer));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SettingsOfConfiguration_AreThoseOfTheService()
    {
        await using var app = await StartAsync(
            ("Callroute:Mfa:Issuer", "From settings"),
            ("Callroute:Mfa:Digits", "8"),
            ("Callroute:Mfa:TotpThrottle:LockoutThreshold", "7"));

        var offer = await app.Services.GetRequiredService<MfaService>()
            .BeginEnrollmentAsync(new MfaSubject("ann"), "ann@example.com", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("From settings", 8), (offer.Uri!.Issuer, offer.Uri.Totp!.Digits));
        var options = app.Services.GetRequiredService<IOptions<MfaOptions>>().Value;
        Assert.Equal((7, 5), (options.TotpThrottle.LockoutThreshold, options.TotpThrottle.FreeFailures));
        Assert.Equal(100, options.RecoveryThrottle.LockoutThreshold);
    }

    [Fact]
    public async Task Configure_AfterConfiguration_HasTheLastWord()
    {
        await using var app = await StartAsync(
            services => services.Configure<MfaOptions>(settings => settings.Issuer = "From code"),
            ("Callroute:Mfa:Issuer", "From settings"));

        Assert.Equal("From code", app.Services.GetRequiredService<IOptions<MfaOptions>>().Value.Issuer);
    }

    [Fact]
    public async Task Use_Twice_TheLastCounts()
    {
        var last = FaultInjectingStore.Around(new InMemoryMfaStore());
        await using var app = await StartAsync(services => new MfaBuilder(services).UseStore(_ => last), Issuer);

        Assert.Same(last, app.Services.GetRequiredService<IMfaStore>());
    }

    private static Task<WebApplication> StartAsync(params (string Setting, string Value)[] settings) => StartAsync(_ => { }, settings);

    private static Task<WebApplication> StartAsync(Action<IServiceCollection> add, params (string Setting, string Value)[] settings) =>
        BareApp.StartAsync(
            BareApp.AddAll + add,
            settings: settings.GroupBy(setting => setting.Setting).ToDictionary(named => named.Key, named => (string?)named.Last().Value));
}
