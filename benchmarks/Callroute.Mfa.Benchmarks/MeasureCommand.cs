using System.CommandLine;
using BenchmarkDotNet.Running;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks;

/// <summary>Runs the benchmarks and writes their results.</summary>
internal static class MeasureCommand
{
    private static readonly Option<DirectoryInfo> Output = new("--output")
    {
        Description = "Write latest.json, latest.github.json and history.jsonl there.",
        Required = true,
    };

    private static readonly Option<FileInfo?> BudgetFile = new("--guarded")
    {
        Description = "Measure what this budget guards, with the short job, in place of a filter.",
    };

    private static readonly Option<string> Commit = new("--commit")
    {
        Description = "What is measured.",
        DefaultValueFactory = _ => "unknown",
    };

    public static Command Create()
    {
        var command = new Command("measure", "Measures Callroute.Mfa beside its peers. Other options are BenchmarkDotNet's.")
        {
            Output,
            BudgetFile,
            Commit,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var guarded = parsed.GetValue(BudgetFile) is { } file ? Budget.Load(file.FullName) : null;
        var filter = guarded is null ? parsed.UnmatchedTokens : Filter(guarded);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run([.. filter], MeasurementConfig.Create(isShort: guarded is not null));
        var job = guarded is null ? "default" : "guarded";
        return new ResultsWriter(parsed.GetRequiredValue(Output).FullName, parsed.GetRequiredValue(Commit), job).Write([.. summaries]);
    }

    // BenchmarkDotNet writes parameters as "Attempt(Count: 10)".
    private static IEnumerable<string> Filter(Budget budget) =>
        budget.Guards.SelectMany(guard => guard.Benchmarks()).Distinct()
            .Select(name => $"*.{name.Replace("=", ": ", StringComparison.Ordinal)}").Prepend("--filter");
}
