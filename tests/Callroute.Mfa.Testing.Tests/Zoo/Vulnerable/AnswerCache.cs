using System.Collections.Concurrent;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A cache in front of the verification that remembers each accepted user with the code (Dovecot).</summary>
internal sealed class AnswerCache(Setup setup) : Miniature(setup)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Login, string Response), DateTimeOffset> _accepted = new();

    public override async Task<Answer> VerifyAsync(string login, string response, Session session)
    {
        var now = Setup.Clock.GetUtcNow();
        if (_accepted.TryGetValue((login, response), out var until) && now < until)
        {
            return Answer.Accepted;
        }

        var answer = await base.VerifyAsync(login, response, session);
        if (answer == Answer.Accepted)
        {
            _accepted[(login, response)] = now + TimeToLive;
        }

        return answer;
    }

    public override void Restart() => _accepted.Clear();
}
