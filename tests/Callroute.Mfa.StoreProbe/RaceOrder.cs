namespace Callroute.Mfa.StoreProbe;

/// <summary>The calls that all processes make at the same time.</summary>
/// <param name="Place">The store.</param>
/// <param name="Work">The call.</param>
/// <param name="User">The user.</param>
/// <param name="Text">The code that is typed, or the text of a receipt.</param>
/// <param name="Tasks">The number of concurrent calls in each process.</param>
/// <param name="StartAt">The start, in ticks of the machine's monotonic clock, which all processes share.</param>
public sealed record RaceOrder(Place Place, RaceWork Work, string User, string Text, int Tasks, long StartAt);
