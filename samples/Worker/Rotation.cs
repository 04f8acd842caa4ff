using Callroute.Mfa;
using Spectre.Console;

namespace MfaWorker;

/// <summary>Encrypts every record under the active key, names those that fail, and then stops the program.</summary>
/// <remarks>The exit code is 0 only if no record needs an old key any more.</remarks>
internal sealed class Rotation(MfaService mfa, IHostApplicationLifetime lifetime) : BackgroundService
{
    private int _seen;
    private int _changed;
    private int _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Console.IsOutputRedirected)
        {
            // Do not wrap the lines of a file.
            AnsiConsole.Profile.Width = 500;
        }

        // An interrupted run has not succeeded.
        Environment.ExitCode = 1;
        try
        {
            await AnsiConsole.Status().StartAsync("Encrypting records.", status => RunAsync(status, stoppingToken));
            Environment.ExitCode = _failed == 0 ? 0 : 1;
        }
        finally
        {
            AnsiConsole.WriteLine($"{Progress}.");
            AnsiConsole.WriteLine(Environment.ExitCode == 0
                ? "No record needs an old key."
                : "Keep the old keys and run this again: it skips the records that are under the active key.");
            lifetime.StopApplication();
        }
    }

    private string Progress => $"{_seen} records read, {_changed} encrypted under the active key, {_failed} failed";

    private async Task RunAsync(StatusContext status, CancellationToken cancellationToken)
    {
        await foreach (var result in mfa.RotateKeysAsync(cancellationToken))
        {
            _seen++;
            _changed += result.WasChanged ? 1 : 0;
            if (result.Failure is { } failure)
            {
                // The type alone: what a store or a parser says may hold content of the record.
                _failed++;
                AnsiConsole.WriteLine($"Failed: user '{result.Subject.UserId}' ({failure.GetType().Name})");
            }

            status.Status = $"{Progress}.";
        }
    }
}
