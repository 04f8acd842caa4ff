namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>
/// The time of one candidate. A ratio is the median, over the blocks, of its time relative to the fastest candidate by hand.
/// </summary>
internal sealed record RatioRow(string Engine, string Way, double Microseconds, double Ratio, double? Bar);
