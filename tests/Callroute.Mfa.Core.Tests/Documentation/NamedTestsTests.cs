using System.Text.RegularExpressions;

namespace Callroute.Mfa.Core.Tests.Documentation;

/// <summary>The tests that the threat model and the table of standards name exist.</summary>
public sealed partial class NamedTestsTests
{
    private static readonly string[] Documents = ["docs/threat-model.md", "docs/standards.md"];

    // If a cell of the last column names no test, it names the party that is responsible for the claim.
    private static readonly string[] WithoutATest = ["no test:", "host's duty", "not defended"];

    public static TheoryData<string> Pages => [.. Documents];

    private static Lazy<HashSet<string>> Tests { get; } = new(FindTests);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted { get; }

    [GeneratedRegex("^[A-Z]\\w+(Tests|Properties)(\\.\\w+)?$")]
    private static partial Regex NameOfATest { get; }

    [GeneratedRegex(
        "\\[(?:Fact|Theory|Property)\\b.*?\\bpublic\\s+(?:async\\s+|static\\s+)*[\\w<>?]+\\s+(\\w+)\\(", RegexOptions.Singleline)]
    private static partial Regex TestMethod { get; }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Tests_NamedInADocument_Exist(string page)
    {
        var named = Quoted.Matches(Repository.Read(page))
            .Select(match => match.Groups[1].Value).Where(text => NameOfATest.IsMatch(text)).ToArray();

        Assert.True(named.Length > 30, $"Only {named.Length} tests are named: the pattern or the document has changed.");
        AssertNone(named.Except(Tests.Value));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Claims_OfATable_EachNameATestOrSayThatThereIsNone(string page)
    {
        var cells = Rows(page).Select(row => row.Split(" | ")[^1]).ToArray();

        Assert.True(cells.Length > 20, $"Only {cells.Length} claims were found.");
        Assert.All(cells, cell => Assert.True(
            Quoted.Matches(cell).All(match => NameOfATest.IsMatch(match.Groups[1].Value))
            && (Quoted.IsMatch(cell) || WithoutATest.Any(words => cell.Contains(words, StringComparison.Ordinal))),
            cell));
    }

    private static void AssertNone(IEnumerable<string> missing) => Assert.Equal(string.Empty, string.Join('\n', missing));

    // Rows of a table without its header and the line below it.
    private static IEnumerable<string> Rows(string page)
    {
        var lines = Repository.Read(page).Split('\n');
        return lines
            .Where((line, i) => line.StartsWith("| ", StringComparison.Ordinal) && !lines[i + 1].StartsWith("|-", StringComparison.Ordinal))
            .Select(line => line.TrimEnd(' ', '|'));
    }

    private static HashSet<string> FindTests()
    {
        HashSet<string> names = [];
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            var type = Path.GetFileNameWithoutExtension(path);
            foreach (Match test in TestMethod.Matches(File.ReadAllText(path)))
            {
                names.UnionWith([type, $"{type}.{test.Groups[1].Value}"]);
            }
        }

        return names;
    }
}
