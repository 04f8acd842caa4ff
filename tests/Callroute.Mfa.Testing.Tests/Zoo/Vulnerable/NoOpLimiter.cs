using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Has a limiter that needs a memory cache; without one, it silently limits nothing (Nextcloud).</summary>
internal sealed class NoOpLimiter(Setup setup) : Miniature(setup)
{
    protected override Task<bool> TryReserveAsync(string counter, int limit) => Task.FromResult(true);

    protected override void Settle(string counter, Answer answer)
    {
    }
}
