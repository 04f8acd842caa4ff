namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>The measurements of a client process.</summary>
/// <param name="Refused">The number of right codes that were refused.</param>
/// <param name="Seconds">The duration in seconds.</param>
/// <param name="Latencies">The number of accepted codes for each latency in microseconds.</param>
internal sealed record WorkReport(long Refused, double Seconds, Dictionary<long, long> Latencies);
