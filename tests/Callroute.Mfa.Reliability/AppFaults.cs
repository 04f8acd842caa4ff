namespace Callroute.Mfa.Reliability;

/// <summary>The faults of application nodes.</summary>
internal static class AppFaults
{
    /// <summary>No fault: what the load alone does.</summary>
    public const string None = "none";
    public const string Kill = "app-kill";
    public const string KillAll = "app-kill-all";

    private const int Kills = 6;
    private const int WrongClock = 1;

    private static readonly Dictionary<string, TimeSpan> Clocks = new()
    {
        ["app-clock-5-min-ahead"] = TimeSpan.FromMinutes(5),
        ["app-clock-5-min-behind"] = TimeSpan.FromMinutes(-5),
        ["app-clock-1-h-ahead"] = TimeSpan.FromHours(1),
        ["app-clock-1-h-behind"] = TimeSpan.FromHours(-1),
    };

    public static IReadOnlyList<string> ClockNames => [.. Clocks.Keys];

    public static IReadOnlyList<string> Names => [None, Kill, KillAll, .. ClockNames];

    /// <summary>A fault of application nodes; null if the name is of another one.</summary>
    public static Fault? Find(string name, Nodes nodes, CancellationToken cancellationToken) => name switch
    {
        None => new Fault(name, () => Task.CompletedTask),
        Kill => new Fault(name, () => KillAsync(nodes, round => [round % Nodes.Count], cancellationToken)),
        KillAll => new Fault(name, () => KillAsync(nodes, _ => [0, 1, 2], cancellationToken)),
        _ => !Clocks.TryGetValue(name, out var offset) ? null
            : new Fault(name, () => nodes.SetClockAsync(WrongClock, offset))
            {
                EndAsync = () => nodes.SetClockAsync(WrongClock, TimeSpan.Zero),
            },
    };

    private static async Task KillAsync(Nodes nodes, Func<int, List<int>> killed, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Kills; round++)
        {
            killed(round).ForEach(nodes.Kill);
            await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        }
    }
}
