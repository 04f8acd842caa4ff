using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Adds up the answers of every round, and prints the sum at the end of the test.</summary>
internal sealed class Tally(string engine) : IDisposable
{
    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private int _rounds;

    /// <summary>The number of rounds in which more than one process tried a compare-and-swap.</summary>
    public int Meetings { get; private set; }

    public RaceReport Add(RaceReport round)
    {
        _rounds++;
        Meetings += round.Contenders > 1 ? 1 : 0;
        foreach (var (answer, count) in round.Answers)
        {
            _answers[answer] = _answers.GetValueOrDefault(answer) + count;
        }

        return round;
    }

    public void Dispose()
    {
        var answers = string.Join(", ", _answers.Select(answer => $"{answer.Key} {answer.Value}"));
        ProofSize.Tell(engine, $"{_rounds} rounds, {Meetings} with swaps from several processes: {answers}");
    }
}
