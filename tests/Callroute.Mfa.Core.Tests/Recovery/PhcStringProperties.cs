using Callroute.Mfa.Recovery;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class PhcStringProperties
{
    [Property(MaxTest = 1000)]
    public void Parse_Formatted_GivesTheValue(ushort memory, byte iterations, byte parallelism, byte[] bytes, byte sizes)
    {
        var lanes = 1 + parallelism % Argon2Parameters.MaximumParallelism;
        var parameters = new Argon2Parameters(Math.Max(memory, 8 * lanes), 1 + iterations % 10, lanes);
        var made = new PhcString(parameters, Filled(8 + sizes % 41, bytes), Filled(16 + sizes % 49, bytes));

        var read = PhcString.Parse(made.ToString());

        Assert.Equal(made.Parameters, read.Parameters);
        Assert.Equal(made.Salt.ToArray(), read.Salt.ToArray());
        Assert.Equal(made.Tag.ToArray(), read.Tag.ToArray());
    }

    // One changed character: either refused, or the one text of another value.
    [Property(MaxTest = 5000)]
    public void Formatted_Parsed_IsTheText(ushort position, char character)
    {
        const string Text = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        const string Likely = "0123456789$,=mtpAQgwx/+ \0";
        var at = position % Text.Length;
        var altered = Text[..at] + Likely[character % Likely.Length] + Text[(at + 1)..];

        var parsed = PhcString.TryParse(altered, out var value);

        Assert.Equal(parsed ? altered : null, value?.ToString());
    }

    private static byte[] Filled(int size, byte[] bytes) =>
        [.. Enumerable.Range(0, size).Select(i => (byte)((bytes.ElementAtOrDefault(i) + i) & 0xFF))];
}
