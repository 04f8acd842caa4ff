using System.CommandLine;
using BenchmarkDotNet.Running;
using Callroute.Mfa.Benchmarks;
using Callroute.Mfa.Benchmarks.Results;

var output = new Option<DirectoryInfo>("--output") { Description = "Write latest.json, latest.github.json and history.jsonl there.", Required = true };
var budget = new Option<FileInfo?>("--guarded") { Description = "Measure what this budget guards, with the short job, in place of a filter." };
var commit = new Option<string>("--commit") { Description = "What is measured.", DefaultValueFactory = _ => "unknown" };
var root = new RootCommand("Measures Callroute.Mfa beside its peers. Other options are BenchmarkDotNet's.") { output, budget, commit };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction(parsed =>
{
    var guarded = parsed.GetValue(budget) is { } file ? Budget.Load(file.FullName) : null;
    var filter = guarded is null ? parsed.UnmatchedTokens : Filter(guarded);
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. filter], MeasurementConfig.Create(isShort: guarded is not null));
    return new ResultsWriter(parsed.GetRequiredValue(output).FullName, parsed.GetRequiredValue(commit), guarded is null ? "default" : "guarded").Write([.. summaries]);
});
return await root.Parse(args).InvokeAsync();

// BenchmarkDotNet writes parameters as "Attempt(Count: 10)".
static IEnumerable<string> Filter(Budget budget) =>
    budget.Guards.SelectMany(guard => guard.Benchmarks()).Distinct().Select(name => $"*.{name.Replace("=", ": ", StringComparison.Ordinal)}").Prepend("--filter");
