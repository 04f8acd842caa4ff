namespace Callroute.Mfa.Reliability;

/// <summary>Runs many cells, one after the other.</summary>
internal static class Batch
{
    /// <returns>0; 1 if a promise was broken or a cell failed.</returns>
    public static async Task<int> RunAsync(IEnumerable<CellName> names, CellPlan plan, CancellationToken cancellationToken)
    {
        var broken = new List<string>();
        foreach (var name in names)
        {
            if (await TryRunAsync(name, plan, cancellationToken) is not { IsKept: true })
            {
                broken.Add($"{name}");
            }
        }

        Console.WriteLine(broken.Count == 0 ? "Every promise was kept." : $"Broken or failed: {string.Join(", ", broken)}.");
        return broken.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs the unsafe topologies whose fault is a code that is accepted twice.</summary>
    /// <returns>0 if every run found one; otherwise 1.</returns>
    public static async Task<int> BiteAsync(int runs, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<int>>();
        foreach (var name in Topologies.Teeth)
        {
            found[$"{name}"] = [];
            for (var seed = 1; seed <= runs; seed++)
            {
                var result = await TryRunAsync(name, CellPlan.Full with { Seed = seed }, cancellationToken);
                found[$"{name}"].Add(result?.Count(Rule.Doubled) ?? 0);
            }
        }

        Teeth.Save(found);
        return found.Values.All(counts => !counts.Contains(0)) ? 0 : 1;
    }

    // A cell that cannot run must not end the others: the servers may need a program that is not installed.
    private static async Task<CellResult?> TryRunAsync(CellName name, CellPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await new Cell(name, plan).RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"{name} could not be run: {exception.Message}");
            return null;
        }
    }
}
