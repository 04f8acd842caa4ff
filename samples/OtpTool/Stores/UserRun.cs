using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>
/// Does something for many users. Shows the progress on a terminal, names the users that need attention (with <c>--json</c> every user),
/// and prints the counts at the end, also if the run is interrupted.
/// </summary>
internal sealed class UserRun(ParseResult result)
{
    private const int InterruptedExitCode = 130;

    // How often a log hears that the program is alive.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Stopwatch _sinceLog = Stopwatch.StartNew();
    private StatusContext? _status;
    private long _seen;
    private bool _hasFailed;

    private string Progress =>
        $"{_seen:N0} users: {string.Join(", ", _counts.Select(count => $"{Output.Words(count.Key).ToLowerInvariant()} {count.Value:N0}"))}";

    /// <summary>Runs to the end, to the first failure of the store, or to Ctrl-C.</summary>
    /// <param name="work">Calls <see cref="Tell"/> for each user.</param>
    /// <param name="advice">What to do after a run that did not do everything.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>The exit code: 0 only if the run has reached its end and nothing failed.</returns>
    public async Task<int> RunAsync(Func<CancellationToken, Task> work, string advice, CancellationToken cancellationToken)
    {
        string? stopped = null;
        try
        {
            await ShowAsync(() => work(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            stopped = "Interrupted.";
        }
        catch (Exception exception) when (exception is not InputException)
        {
            // The type alone: what a store says may hold content of a record.
            stopped = $"The store failed ({exception.GetType().Name}).";
        }

        PrintCounts(isComplete: stopped is null);
        if (stopped is not null || _hasFailed)
        {
            await Console.Error.WriteLineAsync($"{stopped ?? "Not everything was done."} {advice}");
        }

        return cancellationToken.IsCancellationRequested ? InterruptedExitCode : stopped is null && !_hasFailed ? 0 : 1;
    }

    /// <summary>Counts a user, and prints one that needs attention.</summary>
    /// <param name="user">The user.</param>
    /// <param name="state">What is counted; as words.</param>
    /// <param name="needsAttention">Whether people read the line too.</param>
    /// <param name="failure">Why it failed; null if it did not.</param>
    /// <param name="more">More for JSON.</param>
    public void Tell(MfaSubject user, string state, bool needsAttention = false, string? failure = null, params Field[] more)
    {
        _seen++;
        _counts[state] = _counts.GetValueOrDefault(state) + 1;
        _hasFailed |= failure is not null;
        if (Output.IsJson(result))
        {
            Output.PrintLine(
                result, string.Empty,
                [new("user", user.UserId), new("tenant", user.Tenant), new("state", state), new("failure", failure), .. more]);
        }
        else if (needsAttention || failure is not null)
        {
            var tenant = user.Tenant is null ? string.Empty : $", tenant '{user.Tenant}'";
            var reason = failure is null ? string.Empty : $" ({failure})";
            Terminal.Out.Write(new Text($"{Output.Words(state)}: user '{user.UserId}'{tenant}{reason}\n"));
        }

        Log();
    }

    // On the terminal that people look at. If there is none, now and then a line for a log.
    private Task ShowAsync(Func<Task> work)
    {
        var terminal = Console.IsOutputRedirected ? Terminal.Error : Terminal.Out;
        return terminal.Profile.Capabilities.Interactive
            ? terminal.Status().StartAsync("0 users", status =>
            {
                _status = status;
                return work();
            })
            : work();
    }

    private void Log()
    {
        if (_status is not null)
        {
            _status.Status = Progress;
        }
        else if (_sinceLog.Elapsed > LogInterval)
        {
            _sinceLog.Restart();
            Console.Error.WriteLine(Progress);
        }
    }

    private void PrintCounts(bool isComplete) => Output.Print(
        result,
        [new("complete", isComplete), new("users", _seen), .. _counts.Select(count => new Field(count.Key, count.Value))]);
}
