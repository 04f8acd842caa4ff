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
    private readonly Topology _topology;
    private readonly int _index;
    private readonly Action<string, bool> _writeRow;
    private readonly Task _life;
    private volatile Process? _process;
    private long _lastId;

    public NodeProcess(Topology topology, int index, Action<string, bool> writeRow)
    {
        (_topology, _index, _writeRow) = (topology, index, writeRow);
        _life = Task.Run(LiveAsync);
    }

    public bool IsUp => _process is not null;

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <returns>The answer; null if there is none because the process died.</returns>
    /// <exception cref="TimeoutException">There was no answer in this time.</exception>
    public async Task<Answer?> AskAsync(Request request, TimeSpan patience)
    {
        request = request with { Id = Interlocked.Increment(ref _lastId) };
        var answer = _waiting[request.Id] = new TaskCompletionSource<Answer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            return !TrySend(request) ? null : await answer.Task.WaitAsync(patience);
        }
        finally
        {
            _waiting.TryRemove(request.Id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Kill();
        await _life;
        _stop.Dispose();
    }

    private async Task LiveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var process = _topology.StartOnAppNode(
                _index, Environment.ProcessPath!, ["node", JsonSerializer.Serialize(_topology.StoreOf(_index))]);
            _process = process;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                Receive(JsonSerializer.Deserialize<Answer>(line)!);
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

    private void Receive(Answer answer)
    {
        if (answer.Outcome == Op.Row)
        {
            _writeRow(answer.User!, answer.IsEnrolled);
            TrySend(new Request(answer.Id, Op.Row));
        }
        else if (_waiting.TryGetValue(answer.Id, out var waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    private bool TrySend(Request request)
    {
        if (_process is not { } process)
        {
            return false;
        }

        try
        {
            lock (process)
            {
                process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
                process.StandardInput.Flush();
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false; // It died meanwhile.
        }
    }
}
