using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>The service with a test clock and a cheap hash, and Alice with her phone.</summary>
internal sealed class Setting
{
    public static readonly MfaSubject Alice = new("user-4711");

    public Setting(MfaOptions? options = null, ISecretProtector? protector = null, IMfaStore? store = null)
    {
        Store = store ?? new InMemoryMfaStore();
        Options = options ?? new MfaOptions { Issuer = "Callroute" };
        Options.OnEnrolledChanged ??= (_, _) => ValueTask.CompletedTask;
        Mfa = NewService(protector ?? new AesGcmSecretProtector(NewRing("k1")));
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    public IMfaStore Store { get; }

    public MfaOptions Options { get; }

    public MfaService Mfa { get; }

    /// <summary>The text that the user saw.</summary>
    public List<string> Shown { get; } = [];

    public static KeyRing NewRing(string id) => new(id, new Dictionary<string, byte[]> { [id] = NewKey() });

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(32);

    /// <summary>Another node on the same store and clock.</summary>
    public MfaService NewService(ISecretProtector protector) =>
        new(Store, protector, new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1), Options, Clock);

    /// <summary>Binds a phone, and waits for its next code.</summary>
    public async Task<(VirtualAuthenticator Phone, string RecoveryCode)> EnrollAsync()
    {
        var offer = await BeginAsync();
        var phone = Scan(offer);
        var enrolled = await ConfirmAsync(offer, phone);
        Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, enrolled.RecoveryCodes!.Reveal()[0]);
    }

    public ValueTask<VerificationResult> VerifyAsync(string? typed, AttemptId? attempt = null, MfaService? node = null) =>
        (node ?? Mfa).VerifyAsync(Alice, typed, attempt ?? Mfa.BeginAttempt());

    public ValueTask<MfaStatus> StatusAsync() => Mfa.GetStatusAsync(Alice);

    public ValueTask<EnrollmentOffer> BeginAsync(MfaProof? proof = null) =>
        Mfa.BeginEnrollmentAsync(Alice, "alice@example.com", proof);

    /// <summary>Binds the phone that the offer is for.</summary>
    public async Task<MfaChangeResult> ConfirmAsync(EnrollmentOffer offer, VirtualAuthenticator phone) =>
        await Mfa.ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, phone.GetCode());

    public ValueTask<MfaChangeResult> DisableAsync(string typed) =>
        Mfa.DisableAsync(Alice, MfaPolicy.Optional, MfaProof.FromCode(typed, Mfa.BeginAttempt()));

    public VirtualAuthenticator Scan(EnrollmentOffer offer) => VirtualAuthenticator.Scan(offer.Uri!.Reveal(), Clock);

    /// <summary>A code that is wrong now.</summary>
    public string WrongCode(VirtualAuthenticator phone)
    {
        string[] right = [.. Enumerable.Range(-2, 5).Select(i => phone.GetCodeAt(Clock.GetUtcNow().AddSeconds(30 * i)))];
        return Enumerable.Range(0, 6).Select(i => $"{i:000000}").First(code => !right.Contains(code));
    }
}
