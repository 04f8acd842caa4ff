using System.ComponentModel;

namespace Callroute.Mfa.Reliability;

/// <summary>Runs many cells, one after the other.</summary>
internal static class Batch
{
    /// <summary>The file of how many codes were accepted twice in each run of an unsafe topology.</summary>
    public const string TeethFile = "teeth";

    /// <returns>0; 1 if a promise was broken or a cell could not be run.</returns>
    public static async Task<int> RunAsync(IEnumerable<CellName> names, CellPlan plan, CancellationToken cancellationToken)
    {
        var broken = new List<CellName>();
        foreach (var name in names)
        {
            var result = await TryRunAsync(name, plan, cancellationToken);
            broken.AddRange(result is { IsKept: true } ? [] : [name]);
        }

        Console.WriteLine(broken.Count == 0 ? "Every promise was kept." : $"Broken or not run: {string.Join(", ", broken)}.");
        return broken.Count == 0 ? 0 : 1;
    }

    /// <returns>0 if every run of an unsafe topology found a code that was accepted twice; otherwise 1.</returns>
    public static async Task<int> BiteAsync(int runs, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<int>>();
        foreach (var name in Topologies.Teeth.SelectMany(name => Enumerable.Repeat(name, runs)))
        {
            var counts = found[$"{name}"] = found.GetValueOrDefault($"{name}", []);
            var result = await TryRunAsync(name, CellPlan.Full with { Seed = counts.Count + 1 }, cancellationToken);
            counts.Add(result?.Broken.GetValueOrDefault(Rule.Doubled) ?? 0);
            CellName.Save(TeethFile, found);
        }

        return found.Values.All(counts => !counts.Contains(0)) ? 0 : 1;
    }

    // A cell that cannot be run must not end the others: a server may be missing.
    private static async Task<CellResult?> TryRunAsync(CellName name, CellPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await new Cell(name, plan).RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or Win32Exception)
        {
            Console.WriteLine($"{name} could not be run: {exception.Message}");
            return null;
        }
    }
}
