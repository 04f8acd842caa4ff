using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

/// <summary>Runs the program of CI on changed results.</summary>
public sealed class BudgetCheckTests : IDisposable
{
    private const string OneGuard = """
        { "guards": [ {
          "class": "TotpVerifyBenchmarks", "benchmark": "Ours", "baseline": "Peer", "maximumRatio": 0.36, "maximumAllocatedBytes": 0,
          "why": "Three times as fast."
        } ] }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_RatioOver_FailsWithFigureBudgetAndHistory()
    {
        History.Append(
            _folder["history.jsonl"], [Measured.Class(22, oursNs: 31), Measured.Class(23, oursNs: 33), Measured.Class(24, oursNs: 37)]);

        var (exitCode, output) = Check(Measured.Results(Measured.Class(24, oursNs: 37)));

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            """
            OVER  TotpVerifyBenchmarks.Ours ÷ Peer: 0.370, budget 0.360
                  Three times as fast.
                  Earlier runs, the last one at the end:
                  2026-11-22 12:00  c0ffee22  0.310  (AMD EPYC, job guarded)
                  2026-11-23 12:00  c0ffee23  0.330  (AMD EPYC, job guarded)
            kept  TotpVerifyBenchmarks.Ours, bytes: 0, budget 0
            """,
            output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "just within",
        0,
        "kept  TotpVerifyBenchmarks.Ours ÷ Peer: 0.360, budget 0.360\nkept  TotpVerifyBenchmarks.Ours, bytes: 0, budget 0\n")]
    [InlineData("one byte more", 1, "OVER  TotpVerifyBenchmarks.Ours, bytes: 1, budget 0\n")]
    [InlineData("first run", 1, "No earlier run is known.")]
    [InlineData("slower machine", 0, "kept  TotpVerifyBenchmarks.Ours ÷ Peer: 0.300, budget 0.360\n")]
    [InlineData("class not measured", 1, "OVER  TotpVerifyBenchmarks.Ours ÷ Peer: not measured, budget 0.360")]
    [InlineData("baseline not measured", 1, "OVER  TotpVerifyBenchmarks.Ours ÷ Peer: not measured, budget 0.360")]
    [InlineData("empty budget", 1, "")]
    public void Check_ResultsOfOneKind_ExitsWithTheCode(string kind, int expectedCode, string expected)
    {
        var result = Measured.Class(24, oursNs: 30);
        var (exitCode, output) = Check(
            Measured.Results(kind switch
            {
                "just within" => Measured.Class(24, oursNs: 36),
                "one byte more" or "first run" => Measured.Class(24, oursNs: 30, oursBytes: 1),
                "slower machine" => result with { Figures = [.. result.Figures.Select(f => f with { MedianNs = f.MedianNs * 50 })] },
                "class not measured" => Measured.Class(24, oursNs: 30, name: "OtherBenchmarks"),
                "baseline not measured" => result with { Figures = [result.Figures[1]] },
                _ => result,
            }),
            kind == "empty budget" ? """{ "guards": [] }""" : OneGuard);

        Assert.Equal(expectedCode, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"maximumNs\": 4000")]
    [InlineData("\"maximumRatio\": 0.36")]
    [InlineData("\"baseline\": \"Peer\"")]
    [InlineData("\"baseline\": \"Peer\", \"maximumAllocatedBytes\": 0")]
    public void Load_GuardThatIsATimeOrHalf_IsRefused(string limit)
    {
        var path = _folder.Write("budget.json", $$"""{ "guards": [ { "class": "C", "benchmark": "B", "why": "W", {{limit}} } ] }""");

        var exception = Record.Exception(() => Budget.Load(path));

        Assert.True(exception is InvalidDataException or System.Text.Json.JsonException, $"{exception}");
    }

    [Fact]
    public void Check_BudgetOfTheRepository_IsKeptByTheCommittedResults()
    {
        var (exitCode, output) = Run(
            Path.Combine(Repository.Root, "benchmarks/results/latest.json"), Path.Combine(Repository.Root, "benchmarks/budget.json"));

        Assert.True(exitCode == 0, output);
    }

    private (int ExitCode, string Output) Check(BenchmarkResults results, string budget = OneGuard)
    {
        results.Save(_folder["results.json"]);
        return Run(_folder["results.json"], _folder.Write("budget.json", budget));
    }

    private (int ExitCode, string Output) Run(string results, string budget)
    {
        ExternalProgram.Require("dotnet");
        var program = BuiltProgram.Of("Callroute.Mfa.Benchmarks");
        var (exitCode, output, _) = ExternalProgram.RunAny(
            "dotnet", [program, "check", results, "--budget", budget, "--history", _folder["history.jsonl"]]);
        return (exitCode, output);
    }
}
