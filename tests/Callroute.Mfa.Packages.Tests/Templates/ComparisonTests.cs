using System.Text.RegularExpressions;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>The table of docs/comparison.md is what this run saw.</summary>
public sealed partial class ComparisonTests(PackedFeed feed)
{
    private const string Page = "docs/comparison.md";

    [GeneratedRegex("(?<=<!-- comparison -->\n).*?(?=<!-- /comparison -->)", RegexOptions.Singleline)]
    private static partial Regex Table { get; }

    [Fact]
    public async Task Table_OfThePage_IsWhatThisRunSaw()
    {
        var stock = AskAsync(isStock: true);
        var ours = AskAsync(isStock: false);

        var rows = (await stock).Zip(await ours, (left, right) => $"| {left.Question} | {left.Answer} | {right.Answer} |");
        var table = string.Join(
            '\n', ["| | ASP.NET Core Identity | with `.AddCallrouteMfa()` |", "|---|---|---|", .. rows, string.Empty]);
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Page), Table.Replace(Repository.Read(Page), table));
        }

        Assert.Equal(table, Table.Match(Repository.Read(Page)).Value);
    }

    private async Task<IEnumerable<(string Question, string Answer)>> AskAsync(bool isStock)
    {
        var answers = await Task.WhenAll(
            AskAsync("api", Comparison.OfTheApi, isStock), AskAsync("webapp", Comparison.OfThePages, isStock));
        return answers.SelectMany(answer => answer);
    }

    private async Task<List<(string Question, string Answer)>> AskAsync(
        string template, IReadOnlyList<(string Question, Func<TemplateSite, string, Task<string>> AskAsync)> questions, bool isStock)
    {
        await using var site = await TemplateSite.StartAsync(feed, template, Database.Sqlite, isStock, recoveryCodes: 2);
        var answers = new List<(string Question, string Answer)>();
        foreach (var (question, askAsync) in questions)
        {
            answers.Add((question, await askAsync(site, $"user{answers.Count}")));
        }

        return answers;
    }
}
