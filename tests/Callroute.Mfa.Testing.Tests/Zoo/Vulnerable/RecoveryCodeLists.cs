using System.Text.Json;
using Callroute.Mfa.Testing.Tests.Broken;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Keeps recovery codes as one JSON list: reads it, removes a code, writes it back (Filament).</summary>
internal sealed class JsonListRecoveryCodes(Setup setup) : Miniature(setup)
{
    protected override async Task<Answer> ConsumeRecoveryCodeAsync(Account account, string code)
    {
        string column;
        lock (account)
        {
            account.Promote(code);
            column = JsonSerializer.Serialize(account.RecoveryCodes);
        }

        var codes = JsonSerializer.Deserialize<HashSet<string>>(column)!;
        if (!codes.Remove(code))
        {
            return Answer.Wrong;
        }

        await RoundTrip.TakeAsync();
        lock (account)
        {
            account.RecoveryCodes = codes;
        }

        return Answer.Accepted;
    }
}

/// <summary>Makes new codes before it reads the proof: a user in a loop takes the server's time from all others.</summary>
internal sealed class CostBeforeProof(Setup setup) : Miniature(setup)
{
    public override async Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof)
    {
        var codes = NewCodes();
        ReplaceCodes(await ProveAsync(user, proof), codes);
        return codes;
    }
}

/// <summary>Regenerates in two writes and revokes the old codes first: a crash in between leaves no code (Authelia).</summary>
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
