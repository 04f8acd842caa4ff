using System.Collections.Concurrent;

namespace Callroute.Mfa.Reliability;

/// <summary>The three application nodes. Every call of a user goes through it and is recorded.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    public const int Count = 3;

    private readonly History _history;
    private readonly string _rows = Directory.CreateTempSubdirectory("callroute-rows-").FullName;
    private readonly NodeProcess[] _nodes;

    public Nodes(Topology topology, History history)
    {
        _history = history;
        _nodes = [.. Enumerable.Range(0, Count).Select(node => new NodeProcess(topology.OnAppNode(
            node, Environment.ProcessPath!, "node", JsonSerializer.Serialize(topology.StoreOf(node)), _rows)))];
    }

    public int[] Up => [.. Enumerable.Range(0, Count).Where(i => _nodes[i].IsUp)];
    public void Kill(int node) => _nodes[node].Kill();

    public Task SetClockAsync(int node, TimeSpan offset) =>
        OrderAsync(node, Op.Clock, offset.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        while (Up.Length < Count)
        {
            await Task.Delay(100, cancellationToken);
        }

        for (var node = 0; node < Count; node++)
        {
            await OrderAsync(node, Op.Create);
        }
    }

    public async Task<Reply> CallAsync(int node, Order order)
    {
        var start = _history.Now;
        var reply = await _nodes[node].AskAsync(order);
        _history.Add(order.Call with { Node = node, Start = start, End = _history.Now, Answer = reply.Answer });
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        Directory.Delete(_rows, recursive: true);
    }

    // Creating the table may fail at first, where a late replica does not have it yet.
    private async Task OrderAsync(int node, Op op, string? text = null, int tries = 10)
    {
        var answer = (await _nodes[node].AskAsync(new Order(new Call("-", op), text))).Answer;
        if (answer.Outcome != Outcome.Read)
        {
            await (tries > 1 ? Task.Delay(1000) : throw new InvalidOperationException($"Node {node}: {op} failed: {answer.Reason}."));
            await OrderAsync(node, op, text, tries - 1);
        }
    }
}

/// <summary>The process of an application node. When it dies, it is started again, as a host's service manager does.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly Reply Died = new(new Answer(Outcome.Unknown, Answer.NodeDied));

    private readonly ConcurrentDictionary<long, TaskCompletionSource<Reply>> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _life;
    private volatile Process? _process;
    private long _lastId;

    public NodeProcess(string[] command) => _life = Task.Run(() => LiveAsync(command));

    public bool IsUp => _process is not null;
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <returns>The reply. Its outcome is unknown if the process died, or did not answer within 40 s.</returns>
    public async Task<Reply> AskAsync(Order order)
    {
        order = order with { Id = Interlocked.Increment(ref _lastId) };
        var reply = _waiting[order.Id] = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            return _process is { } process && TrySend(process, order) ? await reply.Task.WaitAsync(TimeSpan.FromSeconds(40)) : Died;
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
                return true;
            }
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
            await Task.Delay(1000, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
