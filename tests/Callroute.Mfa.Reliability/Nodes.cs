using System.Globalization;
using System.Text.Json;

namespace Callroute.Mfa.Reliability;

/// <summary>The three application nodes. Every call of a user goes through it and is recorded.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    public const int Count = 3;

    private const int MaximumTries = 10;

    private readonly string _rows = Directory.CreateTempSubdirectory("callroute-rows-").FullName;
    private readonly NodeProcess[] _nodes;
    private readonly History _history;

    public Nodes(Topology topology, History history)
    {
        _history = history;
        _nodes = [.. Enumerable.Range(0, Count).Select(node => new NodeProcess(topology.OnAppNode(
            node, Environment.ProcessPath!, "node", JsonSerializer.Serialize(topology.StoreOf(node)), _rows)))];
    }

    /// <summary>The nodes that run.</summary>
    public int[] Up => [.. Enumerable.Range(0, Count).Where(i => _nodes[i].IsUp)];

    public void Kill(int node) => _nodes[node].Kill();

    /// <summary>Sets how far a node's clock is ahead.</summary>
    public Task SetClockAsync(int node, TimeSpan offset) =>
        OrderAsync(node, Op.Clock, offset.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Waits until all nodes answer, and creates the table.</summary>
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

    /// <summary>Makes a call, and records it.</summary>
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
    private async Task OrderAsync(int node, Op op, string? text = null)
    {
        var answer = new Answer(Outcome.Unknown);
        for (var i = 0; i < MaximumTries && answer.Outcome != Outcome.Read; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(i, 1)));
            answer = (await _nodes[node].AskAsync(new Order(new Call("-", op), text))).Answer;
        }

        if (answer.Outcome != Outcome.Read)
        {
            throw new InvalidOperationException($"Node {node}: {op} failed: {answer.Reason}.");
        }
    }
}
