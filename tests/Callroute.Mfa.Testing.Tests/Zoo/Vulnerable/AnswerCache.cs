using System.Collections.Concurrent;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A cache in front of the verification that remembers each accepted user with the code (Dovecot).</summary>
internal sealed class AnswerCache(Setup setup, ISignIn inner) : ISignIn
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Login, string Response), DateTimeOffset> _accepted = new();

    public Task<Enrolled> EnrollAsync(string user, bool isSentTwice = false) => inner.EnrollAsync(user, isSentTwice);

    public Task SignOutAsync(string user) => inner.SignOutAsync(user);

    public async Task<Answer> VerifyAsync(string login, string response, Session session)
    {
        var now = setup.Clock.GetUtcNow();
        if (_accepted.TryGetValue((login, response), out var until) && now < until)
        {
            return Answer.Accepted;
        }

        var answer = await inner.VerifyAsync(login, response, session);
        if (answer == Answer.Accepted)
        {
            _accepted[(login, response)] = now + TimeToLive;
        }

        return answer;
    }

    public Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof) => inner.RegenerateAsync(user, proof);

    public Task<bool> IsPasswordEnoughAsync(string user) => inner.IsPasswordEnoughAsync(user);

    public Task ResetAsync(string user) => inner.ResetAsync(user);

    public Task LoseRecordAsync(string user) => inner.LoseRecordAsync(user);

    public Task MoveSecretAsync(string from, string to) => inner.MoveSecretAsync(from, to);

    public void Restart()
    {
        _accepted.Clear();
        inner.Restart();
    }
}
