using System.Collections.Concurrent;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Remembers used codes as they were typed, while the verifier ignores separators (HashiCorp Vault, OpenBao).</summary>
internal sealed class RawStringUsedCache(Setup setup) : Miniature(setup)
{
    private readonly ConcurrentDictionary<(MfaSubject User, string Typed), bool> _used = new();

    protected override Answer Consume(Account account, long? match, string code)
    {
        if (match is null)
        {
            return Answer.Wrong;
        }

        return _used.TryAdd((account.Subject, code), true) ? Answer.Accepted : Answer.Replayed;
    }
}
