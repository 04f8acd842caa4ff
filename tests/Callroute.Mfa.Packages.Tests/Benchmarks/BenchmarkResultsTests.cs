using System.Text.Json;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

public sealed class BenchmarkResultsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void With_ClassMeasuredAgain_ReplacesItWhole()
    {
        var old = Measured.Results(Measured.Class(22, oursNs: 31), Measured.Class(22, oursNs: 40, name: "OtherBenchmarks"));
        var again = Measured.Class(23, oursNs: 30) with { Figures = [Measured.Class(23, oursNs: 30).Figures[1]] };

        var results = old.With([again]);

        Assert.Equal(["OtherBenchmarks", "TotpVerifyBenchmarks"], results.Classes.Select(result => result.Class));
        Assert.Same(again, results.Find("TotpVerifyBenchmarks"));
    }

    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        var results = Measured.Results(Measured.Class(22, oursNs: 31.25));
        results.Save(_folder["latest.json"]);

        var loaded = BenchmarkResults.Load(_folder["latest.json"]);

        Assert.Equal(results.Classes[0].Run, loaded.Classes[0].Run);
        Assert.Equal(results.Classes[0].Figures, loaded.Classes[0].Figures);
    }

    [Fact]
    public void Load_AnotherSchema_IsRefused()
    {
        (BenchmarkResults.Empty with { Schema = 2 }).Save(_folder["latest.json"]);

        Assert.Throws<InvalidDataException>(() => BenchmarkResults.Load(_folder["latest.json"]));
    }

    [Fact]
    public void Save_ForGitHub_IsWhatItsActionsRead()
    {
        GitHubFile.Save(_folder["latest.github.json"], Measured.Results(Measured.Class(24, oursNs: 30)));

        using var document = JsonDocument.Parse(File.ReadAllText(_folder["latest.github.json"]));
        Assert.Equal(
            [
                "TotpVerifyBenchmarks.Ours, allocated: 0 B", "TotpVerifyBenchmarks.Ours, median: 30 ns",
                "TotpVerifyBenchmarks.Ours, ratio to the baseline: 0.3 ratio", "TotpVerifyBenchmarks.Peer, allocated: 2472 B",
                "TotpVerifyBenchmarks.Peer, median: 100 ns",
            ],
            document.RootElement.EnumerateArray()
                .Select(e => $"{e.GetProperty("name")}: {e.GetProperty("value").GetDouble()} {e.GetProperty("unit")}")
                .Order(StringComparer.Ordinal));
    }
}
