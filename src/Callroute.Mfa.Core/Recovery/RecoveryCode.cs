using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds a recovery code: 24 characters of Crockford Base32, 120 random bits, for one use.</summary>
/// <remarks>
/// NIST SP 800-63B-4 §4.2.1.1 calls it a saved recovery code. Immutable and thread-safe. Two objects with the same code are not equal.
/// <see cref="ToString"/> and serializers write only the length.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class RecoveryCode
{
    /// <summary>The number of characters without separators: 24.</summary>
    public const int Length = 24;

    // Crockford's alphabet has no I, L, O and U.
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int MinimumForeignLength = 6;
    private const string Label = "callroute.mfa imported recovery code: ";

    private static readonly SearchValues<char> Symbols = SearchValues.Create(Alphabet);
    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private readonly string _canonical;

    private RecoveryCode(string canonical) => _canonical = canonical;

    /// <summary>Whether another system made it, in a form of its own.</summary>
    internal bool IsForeign { get; private init; }

    /// <summary>Generates a code from the system's random number generator.</summary>
    /// <returns>A new code.</returns>
    public static RecoveryCode Generate() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Parses a code that a user typed.</summary>
    /// <param name="text">
    /// 24 characters in any case, read as <see cref="TypedText"/> does; O reads as 0, I and L as 1. At most 64 in all; null is refused.
    /// </param>
    /// <param name="code">The code; null when the text is refused.</param>
    /// <returns>Whether the text has the form of a code.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RecoveryCode? code)
    {
        Span<char> canonical = stackalloc char[Length];
        code = TryCanonicalize(text, canonical) ? new RecoveryCode(new string(canonical)) : null;
        canonical.Clear();
        return code is not null;
    }

    /// <summary>Parses a code that a user typed, of ours or of another system.</summary>
    /// <param name="text">As in <see cref="TryParse"/>, or 6–64 letters and digits of another form.</param>
    /// <param name="code">The code; null when the text is refused.</param>
    /// <returns>Whether the text has the form of a code.</returns>
    public static bool TryParseAny(string? text, [NotNullWhen(true)] out RecoveryCode? code)
    {
        if (!TryParse(text, out code) && Fold(text) is { Length: >= MinimumForeignLength } folded
            && !folded.AsSpan().ContainsAnyExcept(LettersAndDigits))
        {
            code = new RecoveryCode(Map(folded)) { IsForeign = true };
        }

        return code is not null;
    }

    /// <returns>The characters that count, in upper case; empty if the text is too long.</returns>
    public static string Fold(string? text)
    {
        Span<char> folded = stackalloc char[TypedText.MaximumLength];
        var length = TypedText.Fold(text, folded) ?? 0;
        return new string(folded[..length]).ToUpperInvariant();
    }

    /// <summary>Returns the code as it is shown to the user.</summary>
    /// <returns>Groups of four with hyphens between: show it once, never log it.</returns>
    public string Reveal() => TextGroups.OfFour(_canonical, '-');

    /// <summary>Returns the input of the hash: the 24 upper-case characters in ASCII, without separators.</summary>
    /// <returns>A pinned copy, which the caller wipes.</returns>
    public byte[] ToCanonicalBytes()
    {
        var bytes = PinnedBytes.Create(Length);
        CopyCanonicalTo(bytes);
        return bytes;
    }

    /// <summary>Does the same into memory of the caller, at least 24 bytes.</summary>
    public void CopyCanonicalTo(Span<byte> destination) => Encoding.ASCII.GetBytes(_canonical, destination);

    /// <summary>Returns the type and the length, never the content.</summary>
    /// <returns>Always <c>RecoveryCode (24 characters)</c>.</returns>
    public override string ToString() => $"{nameof(RecoveryCode)} ({Length} characters)";

    public static RecoveryCode FromCanonicalBytes(ReadOnlySpan<byte> canonical) => new(Encoding.ASCII.GetString(canonical));

    private static bool TryCanonicalize(ReadOnlySpan<char> text, Span<char> canonical)
    {
        if (TypedText.Fold(text, canonical) != Length)
        {
            return false;
        }

        foreach (ref var character in canonical)
        {
            character = Canonicalize(character);
        }

        return !canonical.ContainsAnyExcept(Symbols);
    }

    // One way, so that codes of any form are hashed and stored as ours are. A change makes every imported code useless.
    private static string Map(string folded)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(Label + folded));
        return string.Create(Length, hash, static (symbols, hash) =>
        {
            for (var i = 0; i < symbols.Length; i++)
            {
                symbols[i] = Alphabet[hash[i] % Alphabet.Length];
            }
        });
    }

    private static char Canonicalize(char character) => character switch
    {
        'O' or 'o' => '0',
        'I' or 'i' or 'L' or 'l' => '1',
        >= 'a' and <= 'z' => (char)(character - 'a' + 'A'),
        _ => character,
    };
}
