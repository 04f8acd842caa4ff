using System.Collections.Concurrent;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Checks the counter before the code and raises it after: those who come at once all pass the check (Keycloak).</summary>
/// <remarks>After the check lies a round trip to the database.</remarks>
internal sealed class CheckThenIncrementThrottle(Setup setup) : Miniature(setup)
{
    private readonly ConcurrentDictionary<string, int> _failures = new();

    protected override async Task<bool> TryReserveAsync(string counter, int limit)
    {
        var isBelow = _failures.GetValueOrDefault(counter) < limit;
        await RoundTrip.TakeAsync();
        return isBelow;
    }

    protected override void Settle(string counter, Answer answer)
    {
        if (answer == Answer.Accepted)
        {
            _failures[counter] = 0;
        }
        else if (answer == Answer.Wrong)
        {
            _failures.AddOrUpdate(counter, 1, (_, failures) => failures + 1);
        }
    }
}
