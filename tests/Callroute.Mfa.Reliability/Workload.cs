namespace Callroute.Mfa.Reliability;

/// <summary>The users of a cell.</summary>
internal sealed class Workload : IDisposable
{
    private const int EnrollingAtOnce = 20;

    // Every tenth user never signs in under load: strangers guess, and the stored failures are compared with the refused guesses.
    private const int GuessedEvery = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan EnrollLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LastReadLimit = TimeSpan.FromSeconds(10);

    private readonly History _history;
    private readonly int _seed;
    private readonly User[] _users;
    private Task[] _lives = [];
    private volatile bool _isOver;

    public Workload(Nodes nodes, History history, CellPlan plan)
    {
        (_history, _seed) = (history, plan.Seed);
        _users = [.. Enumerable.Range(0, plan.Users).Select(i => new User($"u{i}", i % 2 == 0, nodes, RandomOf(2 * i)))];
    }

    /// <summary>Enrols every user.</summary>
    public Task EnrollAsync(CancellationToken cancellationToken) =>
        ForEachAsync(EnrollLimit, user => user.EnrollAsync(), cancellationToken);

    /// <summary>Lets the users live, until <see cref="FinishAsync"/>.</summary>
    public void Start() => _lives = [.. _users.Select((user, i) => Task.Run(() => LiveAsync(user, i)))];

    /// <summary>Ends the load, signs everybody in who was not in since the fault, and reads the last state of everybody.</summary>
    /// <param name="healedAt">When the fault ended, in milliseconds of the history.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FinishAsync(long healedAt, CancellationToken cancellationToken)
    {
        Dispose();
        await Task.WhenAll(_lives);
        var left = Checker.Healing - TimeSpan.FromMilliseconds(_history.Now - healedAt);
        var isIn = _history.Copy().Where(call => call.IsSignInAfter(healedAt)).Select(call => call.User).ToHashSet();
        await ForEachAsync(left, async user => isIn.Contains(user.Name) || await user.TrySignInAsync(), cancellationToken);
        await ForEachAsync(LastReadLimit, user => user.SynchronizeAsync(), cancellationToken);
    }

    /// <summary>Ends the load.</summary>
    public void Dispose() => _isOver = true;

    private Random RandomOf(int number) => new((_seed * 10_000) + number);

    private async Task LiveAsync(User user, int number)
    {
        var random = RandomOf((2 * number) + 1);
        while (!_isOver)
        {
            await Task.Delay(random.Next((int)(2 * Pause.TotalMilliseconds)));
            await (number % GuessedEvery == 0 ? user.GuessAsync() : user.ActAsync());
        }
    }

    /// <summary>Does something for every user, again and again until it succeeds or the time is over.</summary>
    private async Task ForEachAsync(TimeSpan limit, Func<User, Task<bool>> act, CancellationToken cancellationToken)
    {
        var end = _history.Now + limit.TotalMilliseconds;
        using var places = new SemaphoreSlim(EnrollingAtOnce);
        await Task.WhenAll(_users.Select(async user =>
        {
            for (var isDone = false; !isDone && _history.Now < end;)
            {
                await places.WaitAsync(cancellationToken);
                isDone = await act(user);
                places.Release();
                await Task.Delay(isDone ? TimeSpan.Zero : Pause, cancellationToken);
            }
        }));
    }
}
