using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Callroute.Mfa;

/// <summary>Names one sign-in attempt: 128 random bits, made by <see cref="MfaService.BeginAttempt"/>.</summary>
/// <remarks>
/// Keep it with the half-signed-in session. Repeating a used recovery code with the same id within 10 minutes gives the
/// same answer again, so that a lost response loses nothing; acknowledging the replacement codes, or another sign-in, ends
/// that. An id that has succeeded accepts nothing else (a record remembers its last 16): begin a new attempt.
/// The default value is no attempt and is refused as misuse.
/// </remarks>
public readonly record struct AttemptId
{
    private readonly UInt128 _value;

    private AttemptId(UInt128 value) => _value = value;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">32 lower-case hexadecimal digits; null is refused.</param>
    /// <param name="attempt">The id.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(string? text, out AttemptId attempt)
    {
        var isId = RandomId.TryParse(text, out var value) && value != default;
        attempt = new AttemptId(value);
        return isId;
    }

    /// <summary>Writes the id for a cookie or a form: it is no secret, and useless without a code.</summary>
    /// <returns>32 lower-case hexadecimal digits.</returns>
    public override string ToString() => RandomId.Format(_value);

    internal static AttemptId Create() => new(RandomId.Create());

    /// <summary>What records keep of the id: it recognises the id and cannot be turned back into it.</summary>
    internal byte[] Fingerprint()
    {
        var label = "callroute.mfa/attempt/1"u8;
        Span<byte> input = stackalloc byte[label.Length + RandomId.Size];
        label.CopyTo(input);
        BinaryPrimitives.WriteUInt128BigEndian(input[label.Length..], _value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return hash[..RandomId.Size].ToArray();
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[RandomId.Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }
}
