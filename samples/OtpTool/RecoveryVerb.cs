using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>recovery</c>: creates recovery codes with their hashes, and checks a code against a hash.</summary>
internal static class RecoveryVerb
{
    private const int SaltSize = 16;
    private const int TagSize = 32;
    private const int DefaultCount = 1;

    public static Command Create() => new("recovery", "Make and check recovery codes.") { CreateNew(), CreateCheck() };

    private static Command CreateNew()
    {
        var count = NumberOption.Create("--count", 1, 16, "N", $"How many, 1 to 16; {DefaultCount} by default.");
        var command = new Command("new", "Print new codes, each with its hash (PHC string) after a tab.") { count };
        command.SetAction((result, _) => PrintNewAsync(result.GetValue(count) ?? DefaultCount));
        return command;
    }

    private static Command CreateCheck()
    {
        var code = new Argument<string>("CODE") { Description = "The code as a person types it." };
        var hash = new Argument<string>("PHC") { Description = "An Argon2id hash as 'recovery new' prints it." };
        var command = new Command("check", "Tell whether a code belongs to a hash: exit code 0 or 1.") { code, hash };
        command.SetAction((result, _) => CheckAsync(result.GetRequiredValue(code), result.GetRequiredValue(hash)));
        return command;
    }

    private static async Task<int> PrintNewAsync(long count)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        for (var i = 0; i < count; i++)
        {
            var code = RecoveryCode.Generate();
            var tag = await HashAsync(code, salt, Argon2Parameters.Default);
            await Console.Out.WriteLineAsync($"{code.Reveal()}\t{new PhcString(Argon2Parameters.Default, salt, tag)}");
        }

        return 0;
    }

    private static async Task<int> CheckAsync(string codeText, string hashText)
    {
        if (!RecoveryCode.TryParse(codeText, out var code))
        {
            throw new InputException($"CODE must be a recovery code of {RecoveryCode.Length} letters and digits.");
        }

        if (!PhcString.TryParse(hashText, out var hash))
        {
            throw new InputException("PHC must be a canonical Argon2id PHC string within the ceilings.");
        }

        if (hash.Tag.Length != TagSize)
        {
            throw new InputException($"PHC must have a tag of {TagSize} bytes.");
        }

        var matches = hash.Matches(await HashAsync(code, hash.Salt, hash.Parameters));
        await Console.Out.WriteLineAsync(matches ? "match" : "no match");
        return matches ? 0 : 1;
    }

    private static async Task<byte[]> HashAsync(RecoveryCode code, ReadOnlyMemory<byte> salt, Argon2Parameters parameters)
    {
        // Nothing else hashes in this process, so there is always a permit.
        using var permit = await new Argon2RecoveryCodeHasher().TryEnterAsync() ?? throw new UnreachableException();
        return await permit.HashAsync(code.ToCanonicalBytes(), salt, parameters);
    }
}
