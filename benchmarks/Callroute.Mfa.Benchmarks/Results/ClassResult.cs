namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The results of one benchmark class in one run. Only figures of the same class may be compared.</summary>
public sealed record ClassResult(string Class, RunContext Run, IReadOnlyList<Figure> Figures)
{
    public Figure? Find(string benchmark) => Figures.SingleOrDefault(figure => figure.Benchmark == benchmark);

    /// <summary>The time of a benchmark relative to another one, or null if one of them is missing.</summary>
    public double? Ratio(string benchmark, string baseline) => Find(benchmark)?.MedianNs / Find(baseline)?.MedianNs;

    /// <summary>The time of a figure relative to the baseline with the same parameters, or null if there is none.</summary>
    public double? Ratio(Figure figure) =>
        figure.MedianNs / Figures.SingleOrDefault(other => other.IsBaseline && other.Parameters() == figure.Parameters())?.MedianNs;
}
