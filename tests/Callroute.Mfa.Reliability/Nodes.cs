using System.Collections.Concurrent;
using System.Globalization;

namespace Callroute.Mfa.Reliability;

/// <summary>The three application nodes, and the application's own user rows. Every call goes through it and is recorded.</summary>
/// <remarks>The rows are in the memory of this process and survive every fault: they stand for another database.</remarks>
internal sealed class Nodes : IAsyncDisposable
{
    public const int Count = 3;

    /// <summary>After this time, a call that has no answer counts as one without an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ConcurrentDictionary<string, bool> _rows = new();
    private readonly NodeProcess[] _nodes;
    private readonly History _history;
    private int _lastCall;

    public Nodes(Topology topology, History history)
    {
        _history = history;
        _nodes = [.. Enumerable.Range(0, Count).Select(i => new NodeProcess(topology, i, (user, isEnrolled) => _rows[user] = isEnrolled))];
    }

    /// <summary>The nodes that run.</summary>
    public int[] Up => [.. Enumerable.Range(0, Count).Where(i => _nodes[i].IsUp)];

    public void Kill(int node) => _nodes[node].Kill();

    /// <summary>Sets how far a node's clock is ahead.</summary>
    public Task SetClockAsync(int node, TimeSpan offset) => OrderAsync(
        node, new Request(0, Op.Clock) { Text = ((int)offset.TotalSeconds).ToString(CultureInfo.InvariantCulture) });

    /// <summary>Waits until all nodes answer, and creates the table.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        while (Up.Length < Count)
        {
            await Task.Delay(100, cancellationToken);
        }

        for (var i = 0; i < Count; i++)
        {
            await OrderAsync(i, new Request(0, Op.Create));
        }
    }

    /// <summary>Makes a call, and records it.</summary>
    public async Task<Answer> CallAsync(Call call, Request request)
    {
        request = request with { IsEnrolled = _rows.GetValueOrDefault(request.User) };
        var start = _history.Now;
        var answer = await AskAsync(call.Node, request);
        _history.Add(call with
        {
            Id = Interlocked.Increment(ref _lastCall),
            Start = start,
            End = _history.Now,
            Outcome = answer.Outcome,
            Reason = answer.Reason,
            IsCodeAccepted = answer.IsCodeAccepted,
            Phones = answer.Phones?.Keys.ToArray(),
            Failures = answer.Failures,
        });
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task<Answer> AskAsync(int node, Request request)
    {
        try
        {
            return await _nodes[node].AskAsync(request, Patience) ?? new Answer(0, Outcome.Unknown, Call.NodeDied);
        }
        catch (TimeoutException)
        {
            return new Answer(0, Outcome.Unknown, "NoAnswer");
        }
    }

    private async Task OrderAsync(int node, Request request)
    {
        if (await AskAsync(node, request) is { Outcome: not Outcome.Read } failed)
        {
            throw new InvalidOperationException($"Node {node}: {request.Op} failed: {failed.Reason}.");
        }
    }
}
