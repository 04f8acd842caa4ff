namespace Callroute.Mfa.Core.Tests.Architecture;

/// <summary>The picture in docs/architecture.md is drawn from the compiled code.</summary>
public sealed class DiagramTests
{
    private const string Start = "```mermaid\n";
    private const string End = "```\n";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "architecture.md");

    [Fact]
    public void Picture_OfTheArchitecturePage_ShowsTheReferencesOfTheCode()
    {
        var text = File.ReadAllText(Page);
        var from = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        var drawn = Draw();
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Page, text[..from] + drawn + text[to..]);
        }

        Assert.Equal(drawn, File.ReadAllText(Page)[from..to]);
    }

    /// <summary>An arrow goes from the folder that uses to the folder that is used. Arrows that others imply are left out.</summary>
    private static string Draw()
    {
        // Another test fails for a reference to a later folder. Without such references there is no cycle.
        var used = ArchitectureTests.FolderReferences().Where(r => Height(r.From) > Height(r.To)).ToLookup(r => r.From, r => r.To);
        var arrows =
            from edges in used
            from target in edges
            where !edges.Any(other => other != target && Reaches(used, other, target))
            orderby Height(edges.Key) descending, Height(target) descending
            select $"  {Name(edges.Key)} --> {Name(target)}\n";
        return $"flowchart TD\n{string.Concat(arrows)}";
    }

    private static int Height(string folder) => Array.IndexOf(ArchitectureTests.Order, folder);

    private static bool Reaches(ILookup<string, string> used, string from, string to) =>
        used[from].Any(next => next == to || Reaches(used, next, to));

    private static string Name(string folder) => folder.Length == 0 ? nameof(MfaService) : folder;
}
