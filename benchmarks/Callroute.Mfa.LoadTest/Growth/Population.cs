using System.CommandLine;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>Users that were enrolled through the real service, and any number of users whose documents are copies of theirs.</summary>
internal sealed class Population
{
    private readonly List<Row> _enrolled = [];

    private Population(People people) => People = people;

    public People People { get; }

    public static Option<int> HistoryOption() =>
        new("--history")
        {
            Description = "How often each enrolled user has signed in before: a document grows with its first 32 events, then stays.",
            DefaultValueFactory = _ => 40,
        };

    /// <summary>Enrols users, each of whom signs in several times.</summary>
    public static async Task<Population> EnrollAsync(int count, int history)
    {
        IMfaStore store = new InMemoryMfaStore();
        var population = new Population(await People.EnrollAsync(store, count));
        await population.People.SignInAllAsync(population.People.ServiceOn(store), history);
        foreach (var subject in population.People.Subjects)
        {
            population._enrolled.Add(new Row(subject, (await store.FindAsync(subject))!));
        }

        return population;
    }

    /// <summary>Returns a number of rows with the enrolled users evenly distributed among them.</summary>
    public IEnumerable<Row> Rows(int size)
    {
        var step = Math.Max(1, size / _enrolled.Count);
        for (var i = 0; i < size; i++)
        {
            var enrolled = _enrolled[i / step % _enrolled.Count];
            yield return i % step == 0 && i / step < _enrolled.Count
                ? enrolled
                : new Row(new MfaSubject($"{Guid.NewGuid()}"), enrolled.Record);
        }
    }
}
