using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Callroute.Mfa.Reliability;

/// <summary>The process of an application node. When it dies, it is started again, as a host's service manager does.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<Answer?>> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Process> _start;
    private readonly Task _life;
    private volatile Process? _process;
    private long _lastId;

    public NodeProcess(Func<Process> start)
    {
        _start = start;
        _life = Task.Run(LiveAsync);
    }

    public bool IsUp => _process is not null;

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <returns>The answer; null if the process died before it answered.</returns>
    /// <exception cref="TimeoutException">There was no answer in this time.</exception>
    public async Task<Answer?> AskAsync(Order order, TimeSpan patience)
    {
        order = order with { Id = Interlocked.Increment(ref _lastId) };
        var answer = _waiting[order.Id] = new TaskCompletionSource<Answer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            return _process is { } process && TrySend(process, order) ? await answer.Task.WaitAsync(patience) : null;
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
                process.StandardInput.Flush();
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false; // It died meanwhile.
        }
    }

    private async Task LiveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var process = _process = _start();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var answer = JsonSerializer.Deserialize<Answer>(line, History.Json)!;
                _waiting.GetValueOrDefault(answer.Id)?.TrySetResult(answer);
            }

            _process = null;
            await process.WaitForExitAsync();
            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetResult(null);
            }

            await Task.Delay(RestartDelay, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
