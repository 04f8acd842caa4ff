using System.CommandLine;
using Callroute.Mfa.Benchmarks.Check;
using Callroute.Mfa.Benchmarks.Results;

var results = new Argument<FileInfo>("results") { Description = "The results file of a run." };
var budget = new Option<FileInfo>("--budget") { Description = "The budget.", Required = true };
var history = new Option<FileInfo[]>("--history") { Description = "Files of earlier runs, to be shown beside what fails.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
results.AcceptExistingOnly();
budget.AcceptExistingOnly();

var root = new RootCommand("Fails where a guarded figure of a benchmark run is over its budget, or missing.") { results, budget, history };
root.SetAction(parsed =>
{
    var verdicts = BudgetCheck.Run(
        Budget.Load(parsed.GetRequiredValue(budget).FullName),
        BenchmarkResults.Load(parsed.GetRequiredValue(results).FullName),
        History.Load(parsed.GetRequiredValue(history).Select(file => file.FullName)));
    foreach (var verdict in verdicts)
    {
        Console.WriteLine(verdict.Text);
    }

    return verdicts.All(verdict => verdict.IsKept) && verdicts.Count > 0 ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
