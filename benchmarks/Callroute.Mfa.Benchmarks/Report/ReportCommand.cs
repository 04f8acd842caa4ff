using System.CommandLine;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks.Report;

/// <summary>Shows the results in the documentation.</summary>
internal static class ReportCommand
{
    private static readonly Argument<FileInfo> Results = new("results") { Description = "The results file." };
    private static readonly Argument<FileInfo> Plot = new("plot") { Description = "The plot to draw." };
    private static readonly Argument<FileInfo[]> Documents = new("documents")
    {
        Description = "The documents whose tables are written anew.",
    };

    public static Command Create()
    {
        var command = new Command("report", "Draws the plot and writes the tables of the documentation anew.") { Results, Plot, Documents };
        command.SetAction(Run);
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        var results = BenchmarkResults.Load(parsed.GetRequiredValue(Results).FullName);
        PeerPlot.Save(results, parsed.GetRequiredValue(Plot).FullName);
        foreach (var document in parsed.GetRequiredValue(Documents).Select(file => file.FullName))
        {
            File.WriteAllText(document, Tables.Fill(File.ReadAllText(document), results));
        }
    }
}
