using Callroute.Mfa;
using Callroute.Mfa.Testing;

namespace Worker;

/// <summary>One user enrols and signs in, and then the host stops.</summary>
internal sealed class SignIns(MfaService mfa, IHostApplicationLifetime host) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var alice = new MfaSubject($"user-{Guid.NewGuid()}");
        var offer = await mfa.BeginEnrollmentAsync(alice, "alice@example.com", cancellationToken: stoppingToken);
        using var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        var code = phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30));

        var enrolled = await mfa.ConfirmEnrollmentAsync(alice, offer.EnrollmentId, phone.GetCode(), stoppingToken);
        var first = await mfa.VerifyAsync(alice, code, mfa.BeginAttempt(), stoppingToken);
        var again = await mfa.VerifyAsync(alice, code, mfa.BeginAttempt(), stoppingToken);

        Console.WriteLine($"enrolled: {enrolled.Succeeded}, signed in: {first.Succeeded}, again: {again.Succeeded}");
        host.StopApplication();
    }
}
