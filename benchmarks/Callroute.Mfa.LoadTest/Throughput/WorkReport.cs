namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>What a client process measured.</summary>
/// <param name="Refused">How many right codes were not accepted.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Latencies">How many of those accepted took so many microseconds.</param>
internal sealed record WorkReport(long Refused, double Seconds, Dictionary<long, long> Latencies);
