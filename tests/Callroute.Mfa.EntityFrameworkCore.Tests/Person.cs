using System.Globalization;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>A user with a phone, and the service on a store under test.</summary>
internal sealed class Person
{
    private static readonly AesGcmSecretProtector Protector = new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(KeyRing.KeySize) }));

    public Person(IMfaStore store) => Mfa = ServiceOn(store);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public MfaSubject User { get; } = new($"user-{Guid.NewGuid():N}");

    public MfaService Mfa { get; }

    public MfaService ServiceOn(IMfaStore store) => new(store, Protector, new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "Callroute" }, Clock);

    public async Task<(VirtualAuthenticator Phone, IssuedRecoveryCodes Codes)> EnrollAsync()
    {
        var offer = await Mfa.BeginEnrollmentAsync(User, "alice@example.com", cancellationToken: Database.Token);
        Assert.True(offer.Succeeded, $"No offer: {offer.Outcome}");
        var phone = VirtualAuthenticator.Scan(offer.Uri.Reveal(), Clock);
        var confirmed = await Mfa.ConfirmEnrollmentAsync(User, offer.EnrollmentId, phone.GetCode(), Database.Token);
        Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        NextCode();
        return (phone, confirmed.RecoveryCodes!);
    }

    public void NextCode() => Clock.Advance(TimeSpan.FromSeconds(30));

    public Task<VerificationResult> VerifyAsync(string response) => VerifyAsync(Mfa, response);

    public async Task<VerificationResult> VerifyAsync(MfaService mfa, string response) => await mfa.VerifyAsync(User, response, mfa.BeginAttempt(), Database.Token);

    public async Task<int> FailuresAsync() => (await Mfa.GetStatusAsync(User, Database.Token)).Totp.ConsecutiveFailures;

    /// <summary>A code of six digits that the phone shows nowhere near now.</summary>
    public string WrongCode(VirtualAuthenticator phone)
    {
        var near = Enumerable.Range(-5, 11).Select(step => phone.GetCodeAt(Clock.GetUtcNow() + step * TimeSpan.FromSeconds(30))).ToHashSet();
        return Enumerable.Range(0, 20).Select(i => i.ToString("D6", CultureInfo.InvariantCulture)).First(code => !near.Contains(code));
    }
}
