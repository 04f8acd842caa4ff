using System.Text.Json;
using Callroute.Mfa.Zoo.Tests.Bench;

namespace Callroute.Mfa.Zoo.Tests.Zoo;

/// <summary>Keeps recovery codes as one JSON list: reads it, removes a code, writes it back (Filament).</summary>
/// <remarks>Between reading and writing lies a round trip to the database.</remarks>
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
