using Callroute.Mfa.Argon2;
using FsCheck.Xunit;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2SettingsProperties
{
    [Property(MaxTest = 1000)]
    public void Parse_Formatted_GivesTheValue(ushort memory, byte iterations, byte parallelism, byte[] bytes, byte sizes)
    {
        var lanes = 1 + parallelism % Argon2Cost.MaximumParallelism;
        var cost = new Argon2Cost(Math.Max(memory, 8 * lanes), 1 + iterations % 10, lanes);
        var made = new Argon2Settings(cost, Filled(8 + sizes % 41, bytes));

        var read = Argon2Settings.Parse(made.ToString());

        Assert.Equal(made.Cost, read.Cost);
        Assert.Equal(made.Salt, read.Salt);
    }

    // One changed character: either refused, or the one text of another value.
    [Property(MaxTest = 5000)]
    public void Formatted_Parsed_IsTheText(ushort position, char character)
    {
        const string Text = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw";
        const string Likely = "0123456789$,=mtpAQgwx/+ \0";
        var at = position % Text.Length;
        var altered = Text[..at] + Likely[character % Likely.Length] + Text[(at + 1)..];

        var value = Argon2Settings.TryParse(altered);

        Assert.Equal(value is null ? null : altered, value?.ToString());
    }

    private static byte[] Filled(int size, byte[] bytes) =>
        [.. Enumerable.Range(0, size).Select(i => (byte)((bytes.ElementAtOrDefault(i) + i) & 0xFF))];
}
