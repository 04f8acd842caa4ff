using HdrHistogram;

namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>Histograms of latencies in microseconds, from 1 µs to 10 minutes, with 3 significant digits.</summary>
internal static class Latencies
{
    private const long Longest = 600_000_000;

    public static LongHistogram New() => new(Longest, 3);

    /// <summary>How often each value was recorded. A histogram contains nothing else.</summary>
    public static Dictionary<long, long> Counts(LongHistogram histogram) =>
        histogram.RecordedValues().ToDictionary(value => value.ValueIteratedTo, value => value.CountAtValueIteratedTo);

    public static LongHistogram Merge(IEnumerable<Dictionary<long, long>> counts)
    {
        var merged = New();
        foreach (var (value, count) in counts.SelectMany(one => one))
        {
            merged.RecordValueWithCount(value, count);
        }

        return merged;
    }
}
