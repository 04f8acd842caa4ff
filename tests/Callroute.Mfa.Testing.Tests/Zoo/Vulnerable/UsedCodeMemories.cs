using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>
/// Does not remember codes: a code works every time that it is sent (Laravel Fortify before 1.11.1, Vikunja, and many others).
/// </summary>
internal sealed class StatelessVerify(Setup setup) : Miniature(setup)
{
    protected override bool TryConsume(Account account, long step, string code) => true;
}

/// <summary>Remembers only the last code: the one before it works again (Liferay's fix).</summary>
internal sealed class LastCodeMemory(Setup setup) : Miniature(setup)
{
    protected override bool TryConsume(Account account, long step, string code)
    {
        var isUsed = account.UsedCodes.ContainsKey(Digits(code));
        account.UsedCodes = new() { [Digits(code)] = step };
        return !isUsed;
    }
}

/// <summary>
/// Remembers a step for every code. At the first use of a code, the engine answers "true" instead of a step, and this is stored as 1. So
/// the second use is still later than the stored step (Laravel Fortify's fix on google2fa).
/// </summary>
internal sealed class TrueAsFirstStep(Setup setup) : Miniature(setup)
{
    protected override bool TryConsume(Account account, long step, string code)
    {
        var isKnown = account.UsedCodes.TryGetValue(Digits(code), out var last);
        if (isKnown && step <= last)
        {
            return false;
        }

        account.UsedCodes[Digits(code)] = isKnown ? step : 1;
        return true;
    }
}

/// <summary>Remembers used codes as they were typed, while the verifier ignores separators (HashiCorp Vault, OpenBao).</summary>
internal sealed class RawStringUsedCache(Setup setup) : Miniature(setup)
{
    protected override bool TryConsume(Account account, long step, string code) => account.UsedCodes.TryAdd(code, step);
}

/// <summary>Remembers used codes for 60 s, while a code is accepted for 90 s (Infisical).</summary>
internal sealed class ShortLivedUsedCache(Setup setup) : Miniature(setup)
{
    protected override bool TryConsume(Account account, long step, string code)
    {
        var now = Setup.Clock.GetUtcNow().ToUnixTimeSeconds();
        if (account.UsedCodes.TryGetValue(Digits(code), out var usedAt) && now < usedAt + 60)
        {
            return false;
        }

        account.UsedCodes[Digits(code)] = now;
        return true;
    }
}

/// <summary>
/// Takes the first step of the window that matches. If two steps have the same code, the later one stays open, and a fresh code
/// can be taken for a used one (Trilium).
/// </summary>
internal sealed class LowestMatchingStepBurn(Setup setup) : Miniature(setup)
{
    protected override long? Match(SharedSecret secret, string code) => Enumerable
        .Range(-Setup.StepsEachWay, 2 * Setup.StepsEachWay + 1)
        .Select(drift => Totp.Verify(secret, Setup.Parameters, code, Setup.Clock.GetUtcNow() + drift * Setup.Parameters.Period, 0, 0))
        .FirstOrDefault(match => match is not null);
}

/// <summary>Checks the code that confirms the enrolment and does not consume it (Infisical's setup path).</summary>
internal sealed class EnrollmentCodeNotConsumed(Setup setup) : Miniature(setup)
{
    protected override void Confirm(Account account, long? match, string code)
    {
    }
}
