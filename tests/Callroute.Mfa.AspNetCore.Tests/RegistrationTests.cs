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
        Assert.Contains("Callroute:Mfa:Issuer is missing", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Issuer", "a:b", "Callroute:Mfa:Issuer: ")]
    [InlineData("Digits", "9", "Callroute:Mfa:Digits: ")]
    [InlineData("Digits", "5", "Callroute:Mfa:Digits: Must be 6–8, or AllowShortCodes be set.")]
    [InlineData("Period", "00:00:10", "Callroute:Mfa:Period: ")]
    [InlineData("PastSteps", "3", "Callroute:Mfa:PastSteps or FutureSteps: ")]
    [InlineData("PastSteps", "-1", "Callroute:Mfa:PastSteps: ")]
    [InlineData("MaximumAuthenticators", "6", "Callroute:Mfa:MaximumAuthenticators: ")]
    [InlineData("EnrollmentLifetime", "02:00:00", "Callroute:Mfa:EnrollmentLifetime: ")]
    [InlineData("EnrollmentTries", "0", "Callroute:Mfa:EnrollmentTries: ")]
    [InlineData("StepUpAge", "00:00:01", "Callroute:Mfa:StepUpAge: ")]
    [InlineData("RecoveryCodeCount", "17", "Callroute:Mfa:RecoveryCodeCount: ")]
    [InlineData("ChallengeLifetime", "00:00:10", "Callroute:Mfa:ChallengeLifetime: ")]
    [InlineData("TotpThrottle:SuspendAt", "101", "Callroute:Mfa:TotpThrottle:SuspendAt: ")]
    [InlineData("RecoveryThrottle:FreeFailures", "0", "Callroute:Mfa:RecoveryThrottle:FreeFailures: ")]
    [InlineData("TotpThrottle:MaximumWait", "00:00:10", "Callroute:Mfa:TotpThrottle:MaximumWait: Must be at least FirstWait, 00:00:30.")]
    [InlineData("TenantClaim", "", "Callroute:Mfa:TenantClaim: ")]
    [InlineData("Algorithm", "99", "Callroute:Mfa:Algorithm: ")]
    [InlineData("StepUpAge", "10", "Callroute:Mfa:StepUpAge: ")]
    [InlineData("UserIdClaim", "", "Callroute:Mfa:UserIdClaim: ")]
    [InlineData("UserIdClaim", "AMR", "Callroute:Mfa:UserIdClaim: ")]
    [InlineData("TenantClaim", "mfa_time", "Callroute:Mfa:TenantClaim: ")]
    [InlineData("TenantClaim", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "Callroute:Mfa:TenantClaim: ")]
    public async Task Start_SettingOutOfRange_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(AddAll, Issuer, ($"Callroute:Mfa:{setting}", value)));

        Assert.StartsWith(expected, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Digits", "six", "'Callroute:Mfa:Digits'")]
    [InlineData("Algorithm", "Sha3", "'Callroute:Mfa:Algorithm'")]
    [InlineData("Period", "soon", "'Callroute:Mfa:Period'")]
    [InlineData("StepUpAgee", "00:05:00", "'StepUpAgee'")]
    [InlineData("TotpThrottle:SuspendsAt", "5", "'SuspendsAt'")]
    public async Task Start_SettingThatCannotBeReadOrIsNone_NamesIt(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(AddAll, Issuer, ($"Callroute:Mfa:{setting}", value)));

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
        await using var app = await StartAsync(AddAll, ("Callroute:Mfa:Issuer", "From settings"), ("Callroute:Mfa:Digits", "8"), ("Callroute:Mfa:TotpThrottle:SuspendAt", "7"));

        var offer = await app.Services.GetRequiredService<MfaService>().BeginEnrollmentAsync(new MfaSubject("ann"), "ann@example.com", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("From settings", 8), (offer.Uri!.Issuer, offer.Uri.Totp!.Digits));
        Assert.Equal(7, app.Services.GetRequiredService<MfaSettings>().TotpThrottle.SuspendAt);
        Assert.Equal(100, app.Services.GetRequiredService<MfaSettings>().RecoveryThrottle.SuspendAt);
    }

    [Fact]
    public async Task Configure_AfterConfiguration_HasTheLastWord()
    {
        await using var app = await StartAsync(
            services =>
            {
                AddAll(services);
                services.Configure<MfaSettings>(settings => settings.Issuer = "From code");
            },
            ("Callroute:Mfa:Issuer", "From settings"));

        Assert.Equal("From code", app.Services.GetRequiredService<MfaSettings>().Issuer);
    }

    [Fact]
    public async Task Use_Twice_TheLastCounts()
    {
        await using var app = await StartAsync(services =>
        {
            services.AddSingleton<IMfaUsers, NoUsers>();
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            services.AddCallrouteMfa(settings => settings.Issuer = "Test").UseDataProtection().UseArgon2().UseInMemory().UseStore(_ => new OtherStore());
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
        builder.Configuration.AddInMemoryCollection(settings.GroupBy(setting => setting.Setting).ToDictionary(named => named.Key, named => (string?)named.Last().Value));
        add(builder.Services);
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class NoUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((MfaUser?)null);

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class OtherStore : IMfaStore
    {
        private readonly IMfaStore _inner = new InMemoryMfaStore();

        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => _inner.FindAsync(subject, cancellationToken);

        public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
            _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) => _inner.TryDeleteAsync(subject, expected, cancellationToken);
    }
}
