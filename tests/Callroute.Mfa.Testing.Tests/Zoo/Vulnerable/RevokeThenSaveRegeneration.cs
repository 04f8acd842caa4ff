using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Regenerates in two writes, revoking the old codes first: whoever dies in between leaves none (Authelia).</summary>
internal sealed class RevokeThenSaveRegeneration(Setup setup) : Miniature(setup)
{
    protected override void ReplaceCodes(Account account, IReadOnlyList<string> codes)
    {
        Setup.Faults.Touch();
        lock (account)
        {
            account.RecoveryCodes = [];
        }

        base.ReplaceCodes(account, codes);
    }
}
