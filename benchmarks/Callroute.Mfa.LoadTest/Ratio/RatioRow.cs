namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>What one way took. Ratios are medians of those within one block, to the fastest way by hand.</summary>
internal sealed record RatioRow(string Engine, string Way, double Microseconds, double Ratio, double? Bar);
