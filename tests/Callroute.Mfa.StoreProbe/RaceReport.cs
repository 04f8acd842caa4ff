namespace Callroute.Mfa.StoreProbe;

/// <summary>What one process was told.</summary>
/// <param name="Answers">How often each answer: <c>Accepted</c>, or why not.</param>
/// <param name="Issued">The first code of every set that was issued, by its generation.</param>
public sealed record RaceReport(Dictionary<string, int> Answers, Dictionary<Guid, string> Issued);
