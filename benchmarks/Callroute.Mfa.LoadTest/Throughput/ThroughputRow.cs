namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>The measurements of one engine with a number of client processes. Latencies are in microseconds.</summary>
internal sealed record ThroughputRow(
    string Engine, string Durability, int Processes, int TasksAProcess, long SignIns, long Refused, double SignInsASecond, long P50,
    long P95, long P99, long P999, long Max)
{
    public static ThroughputRow From(WorkOrder order, string durability, WorkReport[] reports)
    {
        var latencies = Latencies.Merge(reports.Select(report => report.Latencies));
        var count = latencies.TotalCount;
        return new ThroughputRow(
            order.Engine,
            durability,
            reports.Length,
            order.Tasks,
            count,
            reports.Sum(report => report.Refused),
            count / reports.Max(report => report.Seconds),
            latencies.GetValueAtPercentile(50),
            latencies.GetValueAtPercentile(95),
            latencies.GetValueAtPercentile(99),
            latencies.GetValueAtPercentile(99.9),
            latencies.GetValueAtPercentile(100));
    }
}
