using System.Text.Json;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

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
