using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Callroute.Mfa.Reliability;

/// <summary>A line to a node: a call with its secrets, or an order with a number of seconds.</summary>
internal sealed record Order(
    Call Call, string? Text = null, string? Attempt = null, Guid? Target = null, Guid? Replaces = null, long Id = 0)
{
    public override string ToString() => $"{Call.Op}";
}

/// <summary>A line from a node: an answer with its secrets. The target is the begun enrolment or the set of new recovery codes.</summary>
internal sealed record Reply(Answer Answer, Guid? Target = null, string? Uri = null, string? RecoveryCode = null, long Id = 0)
{
    public bool IsAccepted => Answer.Outcome == Outcome.Accepted;

    public override string ToString() => $"{Answer.Outcome}";
}

/// <summary>The process of an application node. When it dies, it is started again, as a host's service manager does.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly Reply Died = new(new Answer(Outcome.Unknown, Answer.NodeDied));

    private readonly ConcurrentDictionary<long, TaskCompletionSource<Reply>> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _life;
    private volatile Process? _process;
    private long _lastId;

    public NodeProcess(string[] command) => _life = Task.Run(() => LiveAsync(command));

    public bool IsUp => _process is not null;

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <returns>The reply. Its outcome is unknown if the process died, or did not answer in time.</returns>
    public async Task<Reply> AskAsync(Order order)
    {
        order = order with { Id = Interlocked.Increment(ref _lastId) };
        var reply = _waiting[order.Id] = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            return _process is { } process && TrySend(process, order) ? await reply.Task.WaitAsync(Patience) : Died;
        }
        catch (TimeoutException)
        {
            return new Reply(new Answer(Outcome.Unknown, "NoAnswer"));
        }
        finally
        {
            _waiting.TryRemove(order.Id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Kill();
        await _life;
        _stop.Dispose();
    }

    private static bool TrySend(Process process, Order order)
    {
        try
        {
            lock (process)
            {
                process.StandardInput.WriteLine(JsonSerializer.Serialize(order, History.Json));
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false; // It died meanwhile.
        }
    }

    private async Task LiveAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        while (!_stop.IsCancellationRequested)
        {
            using var process = _process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var reply = JsonSerializer.Deserialize<Reply>(line, History.Json)!;
                _waiting.GetValueOrDefault(reply.Id)?.TrySetResult(reply);
            }

            _process = null;
            await process.WaitForExitAsync();
            _waiting.Values.ToList().ForEach(waiting => waiting.TrySetResult(Died));
            await Task.Delay(RestartDelay, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
