namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>One benchmark class in one run. Figures of one class may be compared with each other, and with nothing else.</summary>
public sealed record ClassResult(string Class, RunContext Run, IReadOnlyList<Figure> Figures)
{
    public Figure? Find(string benchmark) => Figures.SingleOrDefault(figure => figure.Benchmark == benchmark);

    /// <summary>The time of a benchmark, relative to another's; null where one of them is missing.</summary>
    public double? Ratio(string benchmark, string baseline) => Find(benchmark)?.MedianNs / Find(baseline)?.MedianNs;

    /// <summary>The time of a figure, relative to the baseline with the same parameters; null where there is none.</summary>
    public double? Ratio(Figure figure) =>
        figure.MedianNs / Figures.SingleOrDefault(other => other.IsBaseline && other.Parameters() == figure.Parameters())?.MedianNs;
}
