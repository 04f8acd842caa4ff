using System.Security.Cryptography;
using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.QrCode;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });   // yours: from a vault
MfaService mfa = new(new InMemoryMfaStore(), new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), new() { Issuer = "Demo" });
var alice = new MfaSubject("user-4711");                                               // your immutable user id

using var offer = await mfa.BeginEnrollmentAsync(alice, accountName: "alice@example.com");
Console.WriteLine($"{new QrCodeRenderer().ToTerminal(offer.Uri!)}Scan, or type {offer.Uri!.RevealManualEntryKey()}. Verification code:");
var bound = await mfa.ConfirmEnrollmentAsync(alice, offer.EnrollmentId, Console.ReadLine());
Console.WriteLine(bound.RecoveryCodes is { } set ? $"Recovery code, shown once: {set.Reveal()[0]}\nSign in:" : $"{bound.Outcome}");

var result = await mfa.VerifyAsync(alice, Console.ReadLine(), mfa.BeginAttempt());     // consumed, throttled, durable
Console.WriteLine(result.Succeeded ? "Welcome" : $"{result.UserMessage}");
