using System.CommandLine;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks.Check;

/// <summary>Compares a run with the budget.</summary>
internal static class CheckCommand
{
    private static readonly Argument<FileInfo> Results = new("results") { Description = "The results file of a run." };
    private static readonly Option<FileInfo> BudgetFile = new("--budget") { Description = "The budget.", Required = true };

    private static readonly Option<FileInfo[]> HistoryFiles = new("--history")
    {
        Description = "Files of earlier runs, to be shown beside what fails.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        Results.AcceptExistingOnly();
        BudgetFile.AcceptExistingOnly();
        var command = new Command("check", "Fails where a guarded figure of a benchmark run is over its budget, or missing.")
        {
            Results,
            BudgetFile,
            HistoryFiles,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var verdicts = BudgetCheck.Run(
            Budget.Load(parsed.GetRequiredValue(BudgetFile).FullName),
            BenchmarkResults.Load(parsed.GetRequiredValue(Results).FullName),
            History.Load(parsed.GetRequiredValue(HistoryFiles).Select(file => file.FullName)));
        foreach (var verdict in verdicts)
        {
            Console.WriteLine(verdict.Text);
        }

        return verdicts.All(verdict => verdict.IsKept) && verdicts.Count > 0 ? 0 : 1;
    }
}
