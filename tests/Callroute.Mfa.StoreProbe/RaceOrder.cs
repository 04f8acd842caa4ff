namespace Callroute.Mfa.StoreProbe;

/// <summary>What all processes do at one moment.</summary>
/// <param name="Place">On which store.</param>
/// <param name="Work">Which call.</param>
/// <param name="User">Whose.</param>
/// <param name="Text">What is typed, or the text of a receipt.</param>
/// <param name="Tasks">How many times at once in each process.</param>
/// <param name="StartAt">When, in ticks of the machine's monotonic clock, which all processes share.</param>
public sealed record RaceOrder(Place Place, RaceWork Work, string User, string Text, int Tasks, long StartAt);
