namespace Callroute.Mfa.StoreProbe;

/// <summary>The answers that one process got.</summary>
/// <param name="Answers">The number of each answer: <c>Accepted</c>, or the reason.</param>
/// <param name="Issued">The first code of every set that was issued, by its set id.</param>
/// <param name="Contenders">How many processes tried a compare-and-swap. The others came after the race was over.</param>
public sealed record RaceReport(Dictionary<string, int> Answers, Dictionary<Guid, string> Issued, int Contenders);
