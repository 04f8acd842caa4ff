using System.Security.Claims;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests;

public sealed class RegistrationTests
{
    private static readonly (string, string) Issuer = ("Callroute:Mfa:Issuer", "Test");

    [Fact]
    public async Task Start_NothingChosen_SaysEverythingThatIsMissing()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(services => services.AddCallrouteMfa()));

        Assert.Contains("No store: call UseSql, UseEntityFramework, UseRedis or UseInMemory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No protector of secrets: call UseDataProtection or UseAesGcm", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No hasher of recovery codes: call UseArgon2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("No IMfaUsers is registered", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MfaOptions.Issuer is missing", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mfa:Issuer", "a:b", "MfaOptions.Issuer must be 1–100 characters")]
    [InlineData("Mfa:Algorithm", "99", "MfaOptions.Algorithm must be Sha1, Sha256, Sha512, was 99.")]
    [InlineData("Mfa:Digits", "9", "MfaOptions.Digits must be 6–8, or 4–8 with AllowShortCodes, was 9.")]
    [InlineData("Mfa:Digits", "5", "MfaOptions.Digits must be 6–8, or 4–8 with AllowShortCodes, was 5.")]
    [InlineData("Mfa:Period", "00:00:10", "MfaOptions.Period must be 00:00:15–00:05:00, was 00:00:10.")]
    [InlineData("Mfa:PastSteps", "3", "MfaOptions.PastSteps must be 0–2, was 3.")]
    [InlineData("Mfa:PastSteps", "-1", "MfaOptions.PastSteps must be 0–2, was -1.")]
    [InlineData("Mfa:MaximumAuthenticators", "6", "MfaOptions.MaximumAuthenticators must be 1–5, was 6.")]
    [InlineData("Mfa:EnrollmentLifetime", "02:00:00", "MfaOptions.EnrollmentLifetime must be 00:01:00–01:00:00, was 02:00:00.")]
    [InlineData("Mfa:EnrollmentTries", "0", "MfaOptions.EnrollmentTries must be 1–10, was 0.")]
    [InlineData("Mfa:StepUpAge", "00:00:01", "MfaOptions.StepUpAge must be 00:01:00–01:00:00, was 00:00:01.")]
    [InlineData("Mfa:StepUpAge", "10", "MfaOptions.StepUpAge must be 00:01:00–01:00:00, was 10.00:00:00.")]
    [InlineData("Mfa:Recovery:Count", "17", "MfaOptions.Recovery.Count must be 1–16, was 17.")]
    [InlineData("Mfa:TotpThrottle:LockoutThreshold", "101", "MfaOptions.TotpThrottle.LockoutThreshold must be 1–100, was 101.")]
    [InlineData("Mfa:RecoveryThrottle:FreeFailures", "0", "MfaOptions.RecoveryThrottle.FreeFailures must be 1–100, was 0.")]
    [InlineData("Mfa:TotpThrottle:MaximumWait", "00:00:10", "MfaOptions.TotpThrottle.MaximumWait must be at least FirstWait, 00:00:30")]
    [InlineData("MfaSignIn:ChallengeLifetime", "00:00:10", "MfaSignInOptions.ChallengeLifetime must be 00:01:00–01:00:00, was 00:00:10.")]
    [InlineData("MfaSignIn:ChallengeLifetime", "02:00:00", "MfaSignInOptions.ChallengeLifetime must be 00:01:00–01:00:00, was 02:00:00.")]
    [InlineData("MfaSignIn:UserIdClaim", "", "MfaSignInOptions.UserIdClaim ")]
    [InlineData("MfaSignIn:UserIdClaim", "AMR", "MfaSignInOptions.UserIdClaim ")]
    [InlineData("MfaSignIn:TenantClaim", "", "MfaSignInOptions.TenantClaim ")]
    [InlineData("MfaSignIn:TenantClaim", "mfa_time", "MfaSignInOptions.TenantClaim ")]
    [InlineData("MfaSignIn:TenantClaim", ClaimTypes.NameIdentifier, "MfaSignInOptions.TenantClaim ")]
    public async Task Start_SettingOutOfRange_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(AddAll, Issuer, ($"Callroute:{setting}", value)));

        Assert.StartsWith(expected, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralSettingsOutOfRange_NamesAll()
    {
        var exception = await Assert.ThrowsAsync<AggregateException>(() => StartAsync(
            AddAll,
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
    [InlineData("Mfa:Recovery:Peppers:ActiveKeyId", "k1", "KeyRing")]
    [InlineData("MfaSignIn:TenantClam", "tid", "'TenantClam'")]
    public async Task Start_SettingThatIsUnknownOrCannotBeRead_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(AddAll, Issuer, ($"Callroute:{setting}", value)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoreOfOneRequest_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(services =>
        {
            AddAll(services);
            services.AddScoped<IMfaStore, OtherStore>();
        }, Issuer));

        Assert.StartsWith("IMfaStore is registered as Scoped", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ProtectorThatCannotBeMade_FailsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services =>
        {
            AddAll(services);
            services.AddSingleton<ISecretProtector>(_ => throw new InvalidOperationException("no key"));
        }, Issuer));

        Assert.Equal("no key", exception.Message);
    }

    [Fact]
    public async Task Start_SettingsOfConfiguration_AreThoseOfTheService()
    {
        await using var app = await StartAsync(
            AddAll,
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
            services =>
            {
                AddAll(services);
                services.Configure<MfaOptions>(settings => settings.Issuer = "From code");
            },
            ("Callroute:Mfa:Issuer", "From settings"));

        Assert.Equal("From code", app.Services.GetRequiredService<IOptions<MfaOptions>>().Value.Issuer);
    }

    [Fact]
    public async Task Use_Twice_TheLastCounts()
    {
        await using var app = await StartAsync(services =>
        {
            services.AddSingleton<IMfaUsers, NoUsers>();
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            services.AddCallrouteMfa(options => options.Issuer = "Test")
                .UseDataProtection().UseArgon2().UseInMemory().UseStore(_ => new OtherStore());
        });

        Assert.IsType<OtherStore>(app.Services.GetRequiredService<IMfaStore>());
    }

    private static void AddAll(IServiceCollection services)
    {
        services.AddSingleton<IMfaUsers, NoUsers>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseInMemory();
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> add, params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            settings.GroupBy(setting => setting.Setting).ToDictionary(named => named.Key, named => (string?)named.Last().Value));
        add(builder.Services);
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class NoUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((MfaUser?)null);

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;
    }

    private sealed class OtherStore : IMfaStore
    {
        private readonly IMfaStore _inner = new InMemoryMfaStore();

        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
            _inner.FindAsync(subject, cancellationToken);

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject,
            ReadOnlyMemory<byte> document,
            Guid newVersion,
            Guid? expected,
            CancellationToken cancellationToken = default) =>
            _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

        public ValueTask<bool> TryDeleteAsync(
            MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            _inner.TryDeleteAsync(subject, expected, cancellationToken);
    }
}
