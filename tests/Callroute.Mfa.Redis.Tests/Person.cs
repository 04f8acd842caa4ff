using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>A user with a phone and a recovery code, and the service that knows them.</summary>
internal sealed class Person
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly AesGcmSecretProtector _protector = new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(KeyRing.KeySize) }));
    private readonly Argon2RecoveryCodeHasher _hasher = new();

    private Person(IMfaStore store) => Mfa = ServiceOn(store);

    public MfaService Mfa { get; }

    public MfaSubject Subject { get; } = new("user-" + RandomNumberGenerator.GetHexString(16, lowercase: true), "tenant");

    public VirtualAuthenticator Phone { get; private set; } = null!;

    public string RecoveryCode { get; private set; } = null!;

    public static async Task<Person> EnrollAsync(IMfaStore store)
    {
        var person = new Person(store);
        var offer = await person.Mfa.BeginEnrollmentAsync(person.Subject, "alice@example.com", cancellationToken: RedisLink.Token);
        person.Phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), person._clock);
        var confirmed = await person.Mfa.ConfirmEnrollmentAsync(person.Subject, offer.EnrollmentId, person.Phone.GetCode(), RedisLink.Token);
        person.RecoveryCode = confirmed.RecoveryCodes!.Reveal()[0];
        person.NextCode();
        return person;
    }

    /// <summary>The same application on another store, as another node of it.</summary>
    public MfaService ServiceOn(IMfaStore store) => new(store, _protector, _hasher, new MfaOptions { Issuer = "Callroute" }, _clock);

    public void NextCode() => _clock.Advance(TimeSpan.FromSeconds(30));

    public Task<VerificationResult> VerifyAsync(string response, MfaService? service = null, AttemptId? attempt = null) =>
        (service ?? Mfa).VerifyAsync(Subject, response, attempt ?? Mfa.BeginAttempt(), RedisLink.Token).AsTask();
}
