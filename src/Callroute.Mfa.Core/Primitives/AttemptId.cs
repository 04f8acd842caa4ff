using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Callroute.Mfa;

/// <summary>Identifies one sign-in, or one form of a signed-in user: 128 random bits from <see cref="MfaService.BeginAttempt"/>.</summary>
/// <remarks>
/// It is the browser's secret, like a session id: never log it or show it to another browser. Keep it with the session that has passed the
/// first factor only, or in a hidden field of one form. At a sign-in, an accepted code gives back the typing errors of its own attempt. If
/// the response to an accepted code is lost, repeat the code with the same id to get the same answer. This works for 10 minutes, or
/// until the replacement codes are acknowledged, another code is accepted, the user signs out, or their MFA changes. After an attempt has
/// succeeded, its id cannot be used for another code, as long as it is among the last 16 ids, which the record stores: begin a new attempt.
/// The default value is not an attempt, and every method refuses it. Immutable and thread-safe.
/// </remarks>
public readonly record struct AttemptId
{
    private readonly UInt128 _value;

    private AttemptId(UInt128 value) => _value = value;

    /// <summary>Parses the text that <see cref="ToString"/> returned.</summary>
    /// <param name="text">32 lower-case hexadecimal digits; null is refused.</param>
    /// <param name="attempt">The id.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(string? text, out AttemptId attempt)
    {
        var isId = RandomId.TryParse(text, out var value) && value != default;
        attempt = new AttemptId(value);
        return isId;
    }

    /// <summary>Returns the id as text, for a cookie or a form. The id is not a proof without a code.</summary>
    /// <returns>32 lower-case hexadecimal digits.</returns>
    public override string ToString() => RandomId.Format(_value);

    internal static AttemptId Create() => new(RandomId.Create());

    /// <summary>An enrolment's id, which identifies the request that confirms it.</summary>
    internal static AttemptId Of(Guid enrollmentId) => new(BinaryPrimitives.ReadUInt128BigEndian(enrollmentId.ToByteArray()));

    /// <summary>The value that a record stores. It identifies the attempt, but the id cannot be computed from it.</summary>
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
