using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>
/// Remembers a time for every code; where there is none yet, the engine answers "true" instead of a step, and that is
/// stored as 1. So the second use still lies above what is remembered (Laravel Fortify's fix on google2fa).
/// </summary>
internal sealed class NullFirstWatermark(Setup setup) : Miniature(setup)
{
    private const long True = 1;

    private readonly Dictionary<(MfaSubject User, string Code), long> _memory = [];

    protected override Answer Consume(Account account, long? match, string code)
    {
        lock (_memory)
        {
            if (match is not { } step)
            {
                return Answer.Wrong;
            }

            var key = (account.Subject, string.Concat(code.Where(char.IsAsciiDigit)));
            long? old = _memory.TryGetValue(key, out var remembered) ? remembered : null;
            if (step <= old)
            {
                return Answer.Replayed;
            }

            _memory[key] = old is null ? True : step;
            return Answer.Accepted;
        }
    }
}
