using System.CommandLine;
using System.Security.Cryptography;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>key new</c>: prints a new key for a key ring.</summary>
internal static class KeyVerb
{
    private const int Size = 32;

    public static Command Create()
    {
        var create = new Command(
            "new", "Print 32 random bytes in Base64: a key of a KeyRing, as in Mfa:Keys:ID of a configuration and in 'rotate --key ID=…'.");
        create.SetAction(Run);
        return new Command("key", "Make keys that encrypt secrets, or peppers.") { create };
    }

    private static int Run(ParseResult result)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size));
        Output.PrintLine(result, key, new Field("key", key));
        return 0;
    }
}
