using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

/// <summary>Runs the program that CI runs, on results that were doctored.</summary>
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
    public void Check_WithinTheBudget_Passes()
    {
        var (exitCode, output) = Check(Measured.Results(Measured.Class(24, oursNs: 36)));

        Assert.Equal(0, exitCode);
        Assert.Equal(
            "kept  TotpVerifyBenchmarks.Ours ÷ Peer: 0.360, budget 0.360\nkept  TotpVerifyBenchmarks.Ours, bytes: 0, budget 0\n",
            output);
    }

    [Fact]
    public void Check_RatioOver_FailsWithFigureBudgetAndHistory()
    {
        History.Append(_folder["history.jsonl"], [Measured.Class(22, oursNs: 31), Measured.Class(23, oursNs: 33), Measured.Class(24, oursNs: 37)]);

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

    [Fact]
    public void Check_AnAllocatedByte_Fails()
    {
        var (exitCode, output) = Check(Measured.Results(Measured.Class(24, oursNs: 30, oursBytes: 1)));

        Assert.Equal(1, exitCode);
        Assert.Contains("OVER  TotpVerifyBenchmarks.Ours, bytes: 1, budget 0\n", output, StringComparison.Ordinal);
        Assert.Contains("No earlier run is known.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SlowerMachine_Passes()
    {
        var slow = Measured.Class(24, oursNs: 30);
        slow = slow with { Figures = [.. slow.Figures.Select(figure => figure with { MedianNs = figure.MedianNs * 50 })] };

        var (exitCode, _) = Check(Measured.Results(slow));

        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Check_ClassNotMeasured_Fails()
    {
        var (exitCode, output) = Check(Measured.Results(Measured.Class(24, oursNs: 30, name: "OtherBenchmarks")));

        Assert.Equal(1, exitCode);
        Assert.Contains("OVER  TotpVerifyBenchmarks.Ours ÷ Peer: not measured, budget 0.360", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_BaselineNotMeasured_Fails()
    {
        var result = Measured.Class(24, oursNs: 30);

        var (exitCode, output) = Check(Measured.Results(result with { Figures = [result.Figures[1]] }));

        Assert.Equal(1, exitCode);
        Assert.Contains("÷ Peer: not measured", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EmptyBudget_Fails()
    {
        var (exitCode, _) = Check(Measured.Results(Measured.Class(24, oursNs: 30)), """{ "guards": [] }""");

        Assert.Equal(1, exitCode);
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
        var (exitCode, output) = Run(Path.Combine(Repository.Root, "benchmarks/results/latest.json"), Path.Combine(Repository.Root, "benchmarks/budget.json"));

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
        var (exitCode, output, _) = ExternalProgram.RunAny("dotnet", [program, "check", results, "--budget", budget, "--history", _folder["history.jsonl"]]);
        return (exitCode, output);
    }
}
