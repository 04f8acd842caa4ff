namespace Callroute.Mfa.Core.Tests.Fuzz;

/// <summary>Changes texts at random, from a fixed seed. It does not use code coverage.</summary>
internal sealed class TextMutator(int seed, params string[] corpus)
{
    private static readonly string[] Fragments =
    [
        "\0", " ", "-", "+", "%", "%00", "%FF", "%C0%80", "=", "&", "?", "#", "/", ":", "$", ",", "0", "00", "-1", "9223372036854775808",
        "\uD83D", "\uDE00", "\uFF11", "\u0661", "\u0130", "\u0131", "é", "\r\n", "{0}", "otpauth://", "secret=", "m=", "$argon2id$",
    ];

    private readonly Random _random = new(seed);

    public string Next()
    {
        var text = corpus[_random.Next(corpus.Length)];
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
        {
            text = Change(text);
        }

        return text;
    }

    private string Change(string text)
    {
        var (from, to) = (_random.Next(text.Length + 1), _random.Next(text.Length + 1));
        var (start, end) = (Math.Min(from, to), Math.Max(from, to));
        return _random.Next(7) switch
        {
            0 => text.Insert(start, Fragments[_random.Next(Fragments.Length)]),
            1 => text.Insert(start, ((char)_random.Next(0x10000)).ToString()),
            2 => text[..start] + (char)_random.Next(0x80) + text[Math.Min(start + 1, text.Length)..],
            3 => text.Remove(start, Math.Min(1, text.Length - start)),
            4 => text[..start] + text[end..],
            5 => text.Insert(end, text[start..end]),
            _ => text[..start] + corpus[_random.Next(corpus.Length)] + text[end..],
        };
    }
}
