using Callroute.Mfa.Benchmarks.Report;
using Callroute.Mfa.Benchmarks.Results;

// Arguments: the results file, the plot to draw, and the documents whose tables are to be rewritten.
if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: benchmarks/report");
    return 2;
}

var results = BenchmarkResults.Load(args[0]);
PeerPlot.Save(results, args[1]);
foreach (var document in args[2..])
{
    File.WriteAllText(document, Tables.Fill(File.ReadAllText(document), results));
}

return 0;
