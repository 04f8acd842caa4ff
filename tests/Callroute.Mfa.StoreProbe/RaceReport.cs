namespace Callroute.Mfa.StoreProbe;

/// <summary>What one process was told.</summary>
/// <param name="Answers">How often each answer: <c>Accepted</c>, or why not.</param>
/// <param name="Issued">The first code of every set that was issued, by its generation.</param>
/// <param name="Contenders">How many processes tried a swap: the others came when all was over.</param>
public sealed record RaceReport(Dictionary<string, int> Answers, Dictionary<Guid, string> Issued, int Contenders);
