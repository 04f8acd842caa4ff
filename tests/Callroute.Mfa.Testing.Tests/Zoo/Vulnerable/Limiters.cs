using System.Collections.Concurrent;
using Callroute.Mfa.Testing.Tests.Broken;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Has a limiter that needs a memory cache. Without a cache there is no limit (Nextcloud).</summary>
internal sealed class NoOpLimiter(Setup setup) : Miniature(setup)
{
    protected override Task<bool> TryReserveAsync(string counter, int limit) => Task.FromResult(true);

    protected override void Complete(string counter, Answer answer)
    {
    }
}

/// <summary>Counts failures in the session: a new session has new guesses (AuthQuake, Microsoft Entra).</summary>
internal sealed class SessionScopedCounter(Setup setup) : Miniature(setup)
{
    protected override string CounterOf(string login, Session session) => session.Id.ToString();
}

/// <summary>Counts failures under the name that was typed: the name and the e-mail address have separate guesses (Authelia).</summary>
internal sealed class AliasKeyedCounter(Setup setup) : Miniature(setup)
{
    protected override string CounterOf(string login, Session session) => login;
}

/// <summary>Checks the counter before the code and raises it after: concurrent requests all pass the check (Keycloak).</summary>
internal sealed class CheckThenIncrementThrottle(Setup setup) : Miniature(setup)
{
    private readonly ConcurrentDictionary<string, int> _failures = new();

    protected override async Task<bool> TryReserveAsync(string counter, int limit)
    {
        var isBelow = _failures.GetValueOrDefault(counter) < limit;
        await RoundTrip.TakeAsync();
        return isBelow;
    }

    protected override void Complete(string counter, Answer answer)
    {
        if (answer is Answer.Accepted or Answer.Wrong)
        {
            _failures.AddOrUpdate(counter, 1, (_, failures) => answer == Answer.Accepted ? 0 : failures + 1);
        }
    }
}

/// <summary>Counts the failures of all devices together: a stranger locks the owner out.</summary>
internal sealed class OneCounterForAllDevices(Setup setup) : Miniature(setup)
{
    protected override bool IsKnown(Account account, Session session) => false;
}

/// <summary>Gives failures back to whoever made them: the owner's success refills a thief's guesses.</summary>
internal sealed class RefundOfAnyAttempt(Setup setup) : Miniature(setup)
{
    protected override bool IsRefunded(Miss miss, Session session) => !session.IsSignedIn;
}

/// <summary>Gives failures back at a step-up, where the thief of a session shares it with its owner.</summary>
internal sealed class RefundAtStepUp(Setup setup) : Miniature(setup)
{
    protected override bool IsRefunded(Miss miss, Session session) => miss.Session == session.Id;
}
