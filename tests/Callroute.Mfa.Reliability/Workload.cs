namespace Callroute.Mfa.Reliability;

internal sealed class Workload(Nodes nodes, History history, CellPlan plan, CancellationToken cancellationToken) : IDisposable
{
    // Every tenth user never signs in under load: strangers guess, and the stored failures are compared with the refused guesses.
    private const int GuessedEvery = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    private readonly User[] _users =
        [.. Enumerable.Range(0, plan.Users).Select(i => new User($"u{i}", i % 2 == 0, nodes, RandomOf(plan, 2 * i)))];

    private Task[] _lives = [];
    private volatile bool _isOver;

    public Task EnrollAsync() => ForEachAsync(TimeSpan.FromSeconds(60), user => user.EnrollAsync());
    public void Start() => _lives = [.. _users.Select((user, i) => Task.Run(() => LiveAsync(user, i)))];

    public async Task FinishAsync(long healedAt)
    {
        Dispose();
        await Task.WhenAll(_lives);
        var left = Checker.Healing - TimeSpan.FromMilliseconds(history.Now - healedAt);
        var isIn = history.Copy().Where(call => call.IsSignInAfter(healedAt)).Select(call => call.User).ToHashSet();
        await ForEachAsync(left, async user => isIn.Contains(user.Name) || await user.TrySignInAsync());
        await ForEachAsync(TimeSpan.FromSeconds(10), user => user.ReuseRecoveryAsync());
        await ForEachAsync(TimeSpan.FromSeconds(10), user => user.SynchronizeAsync());
    }

    public void Dispose() => _isOver = true;

    private static Random RandomOf(CellPlan plan, int number) => new((plan.Seed * 10_000) + number);

    private async Task LiveAsync(User user, int number)
    {
        var random = RandomOf(plan, (2 * number) + 1);
        while (!_isOver)
        {
            await Task.Delay(random.Next((int)(2 * Pause.TotalMilliseconds)));
            await (number % GuessedEvery == 0 ? user.GuessAsync() : user.ActAsync());
        }
    }

    private async Task ForEachAsync(TimeSpan limit, Func<User, Task<bool>> act)
    {
        var end = history.Now + limit.TotalMilliseconds;
        using var places = new SemaphoreSlim(20);
        await Task.WhenAll(_users.Select(async user =>
        {
            for (var isDone = false; !isDone && history.Now < end;)
            {
                await places.WaitAsync(cancellationToken);
                isDone = history.Now < end && await act(user);
                places.Release();
                await Task.Delay(isDone ? TimeSpan.Zero : Pause, cancellationToken);
            }
        }));
    }
}
