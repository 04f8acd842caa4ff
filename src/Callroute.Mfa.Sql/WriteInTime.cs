using System.Diagnostics;

#pragma warning disable RS0030 // The time-out of a driver runs by this clock, and not by the one of the application.

namespace Callroute.Mfa.Sql;

/// <summary>Trusts the answer of a write only if it came in time.</summary>
/// <remarks>
/// At its time-out, or when the caller cancels, a driver asks the server to cancel the statement. A PostgreSQL server that waits for its
/// synchronous standby then ends this wait and reports the write as done, although a failover to the standby would lose it.
/// Callroute.Mfa.EntityFrameworkCore compiles this file too.
/// </remarks>
internal static class WriteInTime
{
    // Timers may fire a little early.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a write.</summary>
    /// <exception cref="TimeoutException">The answer came after the time-out.</exception>
    /// <exception cref="OperationCanceledException">The answer came after the token was cancelled.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> write, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await write().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Stopwatch.GetElapsedTime(start) < timeout - Margin
            ? answer
            : throw new TimeoutException(
                $"The database answered a write after its time-out of {timeout}. The standby may not have it, so its outcome is unknown.");
    }
}
