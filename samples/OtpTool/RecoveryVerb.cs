using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>recovery</c>: creates recovery codes with their hashes, and checks a code against a hash.</summary>
internal static class RecoveryVerb
{
    private const int CodeLength = 24;
    private const int DefaultCount = 1;

    // Crockford's Base32: no I, L, O and U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly IRecoveryCodeHasher Hasher = new Argon2RecoveryCodeHasher();

    public static Command Create() => new("recovery", "Make and check recovery codes.") { CreateNew(), CreateCheck() };

    private static Command CreateNew()
    {
        var count = NumberOption.Create("--count", 1, 16, "N", $"How many, 1 to 16; {DefaultCount} by default.");
        var command = new Command("new", "Print new codes, each with its hash (PHC string) after a tab.") { count };
        command.SetAction((result, _) => PrintNewAsync(result, result.GetValue(count) ?? DefaultCount));
        return command;
    }

    private static Command CreateCheck()
    {
        var code = new Argument<string>("CODE") { Description = $"The code as a person types it. {SecretText.Sources}" };
        var hash = new Argument<string>("PHC") { Description = "An Argon2id hash as 'recovery new' prints it, read in the same ways." };
        var command = new Command("check", "Tell whether a code belongs to a hash: exit code 0 or 1.") { code, hash };
        command.SetAction((result, _) => CheckAsync(
            result, SecretText.Read(result.GetRequiredValue(code), code.Name), SecretText.Read(result.GetRequiredValue(hash), hash.Name)));
        return command;
    }

    private static async Task<int> PrintNewAsync(ParseResult result, long count)
    {
        var settings = Hasher.CreateSettings();
        for (var i = 0; i < count; i++)
        {
            var code = RandomNumberGenerator.GetString(Alphabet, CodeLength);
            var tag = await Hasher.HashAsync(Encoding.ASCII.GetBytes(code), settings);
            var (shown, hash) = (string.Join('-', code.Chunk(4).Select(group => new string(group))), $"{settings}${Base64(tag)}");
            Output.PrintLine(result, $"{shown}\t{hash}", new Field("code", shown), new Field("hash", hash));
        }

        return 0;
    }

    private static async Task<int> CheckAsync(ParseResult result, string codeText, string hash)
    {
        var code = Canonicalize(codeText);
        var end = hash.LastIndexOf('$');
        try
        {
            var tag = Base64(await Hasher.HashAsync(Encoding.ASCII.GetBytes(code), hash[..Math.Max(end, 0)]));
            var typed = hash[(end + 1)..];
            if (typed.Length != tag.Length)
            {
                throw new InputException("PHC must have a tag of 32 bytes.");
            }

            var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(tag), Encoding.UTF8.GetBytes(typed));
            Output.PrintLine(result, matches ? "match" : "no match", new Field("matches", matches));
            return matches ? 0 : 1;
        }
        catch (NotSupportedException)
        {
            throw new InputException("PHC must be a canonical Argon2id PHC string within the caps.");
        }
    }

    private static string Canonicalize(string typed)
    {
        var code = typed.Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal)
            .ToUpperInvariant().Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return code.Length == CodeLength && code.All(Alphabet.Contains)
            ? code
            : throw new InputException($"CODE must be a recovery code of {CodeLength} letters and digits.");
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
