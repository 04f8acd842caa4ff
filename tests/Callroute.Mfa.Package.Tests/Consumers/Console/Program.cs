using System.Security.Cryptography;
using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Otp;
using Callroute.Mfa.QrCode;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });
var mfa = new MfaService(new InMemoryMfaStore(), new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "Console" });
var alice = new MfaSubject("user-4711");

var offer = await mfa.BeginEnrollmentAsync(alice, "alice@example.com").ConfigureAwait(false);
var uri = offer.Uri ?? throw new InvalidOperationException($"{offer.Outcome}");
var now = TimeProvider.System.GetUtcNow();
var first = Totp.Generate(uri.Secret, TotpParameters.Default, now);
var second = Totp.Generate(uri.Secret, TotpParameters.Default, now + TotpParameters.Default.Period);
Console.WriteLine(new QrCodeRenderer().ToTerminal(uri));

var enrolled = await mfa.ConfirmEnrollmentAsync(alice, offer.EnrollmentId, first).ConfigureAwait(false);
var recoveryCode = enrolled.RecoveryCodes?.Reveal()[0];
await TellAsync("used to enrol", first).ConfigureAwait(false);
await TellAsync("fresh", second).ConfigureAwait(false);
await TellAsync("fresh again", second).ConfigureAwait(false);
await TellAsync("recovery", recoveryCode).ConfigureAwait(false);
await TellAsync("recovery again", recoveryCode).ConfigureAwait(false);

async Task TellAsync(string what, string? code)
{
    var result = await mfa.VerifyAsync(alice, code, mfa.BeginAttempt()).ConfigureAwait(false);
    Console.WriteLine($"{what}: {(result.IsAccepted ? "accepted" : "refused")}");
}
