namespace Callroute.Mfa.Reliability;

/// <summary>The faults of application nodes.</summary>
internal static class AppFaults
{
    /// <summary>No fault: what the load alone does.</summary>
    public const string None = "none";

    private const int WrongClock = 1;

    private static readonly Dictionary<string, Func<Nodes, Fault>> Creators = new()
    {
        [None] = _ => new Fault(None, _ => Task.CompletedTask, _ => Task.CompletedTask),
        ["app-kill"] = nodes => Repeat("app-kill", TimeSpan.FromSeconds(4), round => nodes.Kill(round % Nodes.Count)),
        ["app-kill-all"] = nodes => Repeat("app-kill-all", TimeSpan.FromSeconds(8), _ => KillAll(nodes)),
        ["app-clock-5-min-ahead"] = nodes => Clock("app-clock-5-min-ahead", nodes, TimeSpan.FromMinutes(5)),
        ["app-clock-5-min-behind"] = nodes => Clock("app-clock-5-min-behind", nodes, TimeSpan.FromMinutes(-5)),
        ["app-clock-1-h-ahead"] = nodes => Clock("app-clock-1-h-ahead", nodes, TimeSpan.FromHours(1)),
        ["app-clock-1-h-behind"] = nodes => Clock("app-clock-1-h-behind", nodes, TimeSpan.FromHours(-1)),
    };

    public static IEnumerable<string> Names => Creators.Keys;

    public static Fault? Find(string name, Nodes nodes) => Creators.GetValueOrDefault(name)?.Invoke(nodes);

    private static void KillAll(Nodes nodes)
    {
        for (var node = 0; node < Nodes.Count; node++)
        {
            nodes.Kill(node);
        }
    }

    private static Fault Clock(string name, Nodes nodes, TimeSpan offset) => new(
        name, _ => nodes.SetClockAsync(WrongClock, offset), _ => nodes.SetClockAsync(WrongClock, TimeSpan.Zero));

    private static Fault Repeat(string name, TimeSpan interval, Action<int> act)
    {
        var stop = new CancellationTokenSource();
        var acting = Task.CompletedTask;
        return new Fault(
            name,
            _ =>
            {
                acting = RepeatAsync(interval, act, stop.Token);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stop.CancelAsync();
                await acting;
                stop.Dispose();
            });
    }

    private static async Task RepeatAsync(TimeSpan interval, Action<int> act, CancellationToken cancellationToken)
    {
        for (var round = 0; !cancellationToken.IsCancellationRequested; round++)
        {
            act(round);
            await Task.Delay(interval, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
