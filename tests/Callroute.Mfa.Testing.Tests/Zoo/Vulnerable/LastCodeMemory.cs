using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Remembers the last valid code only: the one before it comes back (Liferay's fix).</summary>
internal sealed class LastCodeMemory(Setup setup) : Miniature(setup)
{
    private readonly Dictionary<MfaSubject, string> _last = [];

    protected override Answer Consume(Account account, long? match, string code)
    {
        lock (_last)
        {
            if (match is null)
            {
                return Answer.Wrong;
            }

            var digits = string.Concat(code.Where(char.IsAsciiDigit));
            if (_last.GetValueOrDefault(account.Subject) == digits)
            {
                return Answer.Replayed;
            }

            _last[account.Subject] = digits;
            return Answer.Accepted;
        }
    }
}
