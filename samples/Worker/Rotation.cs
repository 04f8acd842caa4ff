using Callroute.Mfa;

namespace MfaWorker;

/// <summary>Encrypts every record under the active key, retries until no record fails, and then stops the program.</summary>
internal sealed partial class Rotation(MfaService mfa, IHostApplicationLifetime lifetime, ILogger<Rotation> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await RunAsync(stoppingToken) is > 0 and var failures)
        {
            LogUnfinished(failures);
            await Task.Delay(Pause, stoppingToken);
        }

        lifetime.StopApplication();
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (changed, failures) = (0, 0);
        await foreach (var result in mfa.RotateKeysAsync(cancellationToken))
        {
            changed += result.WasChanged ? 1 : 0;
            if (result.Failure is { } failure)
            {
                failures++;
                LogFailure(failure, result.Subject.UserId);
            }
        }

        LogRun(changed, failures);
        return failures;
    }

    [LoggerMessage(LogLevel.Information, "{Changed} records were encrypted under the active key, {Failures} failed.")]
    private partial void LogRun(int changed, int failures);

    [LoggerMessage(LogLevel.Warning, "The record of user {UserId} still needs its old key.")]
    private partial void LogFailure(Exception failure, string userId);

    [LoggerMessage(LogLevel.Error, "Keep the old key: {Failures} records need it.")]
    private partial void LogUnfinished(int failures);
}
