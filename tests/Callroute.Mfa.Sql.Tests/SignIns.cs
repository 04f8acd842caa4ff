using System.Security.Cryptography;
using Callroute.Mfa.Storage;
using Callroute.Mfa.StoreProbe;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>A service on a store, and one enrolled user who has the next code ready.</summary>
internal sealed class SignIns
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private VirtualAuthenticator _phone = null!;

    private SignIns(IMfaStore store) =>
        Mfa = ProbeService.Create(store, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), _clock);

    public MfaService Mfa { get; }

    public MfaSubject User { get; } = new("user-1");

    public string Code => _phone.GetCode();

    public string WrongCode => Code == "123456" ? "654321" : "123456";

    public static async Task<SignIns> EnrollAsync(IMfaStore store)
    {
        var signIns = new SignIns(store);
        var offer = await signIns.Mfa.BeginEnrollmentAsync(signIns.User, "alice@example.com", cancellationToken: Database.Token);
        signIns._phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), signIns._clock);
        Assert.Equal(MfaChangeOutcome.Succeeded, (await signIns.Mfa.ConfirmEnrollmentAsync(signIns.User, offer.EnrollmentId, signIns.Code, Database.Token)).Outcome);
        signIns._clock.Advance(TimeSpan.FromSeconds(30));
        return signIns;
    }

    public async Task<VerificationResult> VerifyAsync(string response) => await Mfa.VerifyAsync(User, response, Mfa.BeginAttempt(), Database.Token);

    public async Task<int> FailuresAsync() => (await Mfa.GetStatusAsync(User, Database.Token)).Totp.ConsecutiveFailures;
}
