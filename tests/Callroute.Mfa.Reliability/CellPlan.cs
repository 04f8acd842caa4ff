namespace Callroute.Mfa.Reliability;

/// <summary>How long the parts of a cell last.</summary>
/// <param name="Calm">Load before the fault.</param>
/// <param name="Fault">The fault; longer if it does several things one after the other.</param>
/// <param name="After">Load after the fault. Servers that come back do so under load.</param>
/// <param name="Users">How many users there are.</param>
/// <param name="Seed">The seed of their decisions.</param>
internal sealed record CellPlan(TimeSpan Calm, TimeSpan Fault, TimeSpan After, int Users, int Seed)
{
    public static CellPlan Full { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(15), 300, 1);

    /// <summary>Short enough for every change of the code.</summary>
    public static CellPlan Short { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), 100, 1);
}
