using Callroute.Mfa;

namespace MfaWorker;

/// <summary>Handles requests: here lines of the terminal, in your worker the messages of a queue.</summary>
internal sealed class Worker(MfaService mfa, IHostApplicationLifetime lifetime) : BackgroundService
{
    private readonly Dictionary<MfaSubject, Guid> _enrollments = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Task.Run(Console.ReadLine, stoppingToken).WaitAsync(stoppingToken) is { } line)
        {
            Console.WriteLine(await AnswerAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), stoppingToken));
        }

        lifetime.StopApplication();
    }

    private async Task<string> AnswerAsync(string[] words, CancellationToken cancellationToken) => words switch
    {
        ["enroll", var user] => await EnrollAsync(new MfaSubject(user), cancellationToken),
        ["confirm", var user, var code] => await ConfirmAsync(new MfaSubject(user), code, cancellationToken),
        ["verify", var user, var code] => $"{await VerifyAsync(new MfaSubject(user), code, cancellationToken)}",
        _ => "enroll USER, confirm USER CODE or verify USER CODE",
    };

    private async Task<string> EnrollAsync(MfaSubject user, CancellationToken cancellationToken)
    {
        using var offer = await mfa.BeginEnrollmentAsync(user, accountName: user.UserId, cancellationToken: cancellationToken);
        _enrollments[user] = offer.EnrollmentId;
        return offer.Succeeded ? $"Key for the app: {offer.Uri!.RevealManualEntryKey()}" : $"{offer.Outcome}";
    }

    private async Task<string> ConfirmAsync(MfaSubject user, string code, CancellationToken cancellationToken)
    {
        var enrolled = await mfa.ConfirmEnrollmentAsync(user, _enrollments.GetValueOrDefault(user), code, cancellationToken);
        return enrolled.Succeeded ? $"Recovery code, shown once: {enrolled.RecoveryCodes?.Reveal()[0]}" : $"{enrolled.Outcome}";
    }

    private ValueTask<VerificationResult> VerifyAsync(MfaSubject user, string code, CancellationToken cancellationToken) =>
        mfa.VerifyAsync(user, code, mfa.BeginAttempt(), cancellationToken: cancellationToken);
}
