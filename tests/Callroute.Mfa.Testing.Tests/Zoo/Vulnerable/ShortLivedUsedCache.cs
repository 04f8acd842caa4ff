using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Remembers used codes for 60 s, while the window lets a code live 90 s (Infisical).</summary>
internal sealed class ShortLivedUsedCache(Setup setup) : Miniature(setup)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(MfaSubject User, string Code), DateTimeOffset> _expiries = [];

    protected override Answer Consume(Account account, long? match, string code)
    {
        lock (_expiries)
        {
            var now = Setup.Clock.GetUtcNow();
            foreach (var expired in _expiries.Where(entry => entry.Value <= now).ToArray())
            {
                _expiries.Remove(expired.Key);
            }

            if (match is null)
            {
                return Answer.Wrong;
            }

            var key = (account.Subject, string.Concat(code.Where(char.IsAsciiDigit)));
            return _expiries.TryAdd(key, now + TimeToLive) ? Answer.Accepted : Answer.Replayed;
        }
    }
}
