using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa;

/// <summary>Holds the library's own word that a subject was verified: proof for a change while it is young.</summary>
/// <remarks>
/// Protected by <see cref="Secrets.ISecretProtector"/> and bound to the subject; disabling or resetting MFA voids it.
/// Keep it in the signed-in session. Immutable and thread-safe; <see cref="ToString"/> and serializers do not tell it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MfaReceipt
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaximumLength = 2048;

    internal MfaReceipt(byte[] protectedContent) => ProtectedContent = protectedContent;

    internal byte[] ProtectedContent { get; }

    /// <summary>Reads what <see cref="Reveal"/> wrote. Whether it proves anything is seen when it is used.</summary>
    /// <param name="text">At most 2,048 characters; null is refused.</param>
    /// <param name="receipt">The receipt; null when the text is refused.</param>
    /// <returns>Whether the text has the form of a receipt.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MfaReceipt? receipt)
    {
        receipt = text is { Length: > 0 and <= MaximumLength } && Base64Url.IsValid(text) ? new MfaReceipt(Base64Url.DecodeFromChars(text)) : null;
        return receipt is not null;
    }

    /// <summary>Gives the receipt's text, for a protected cookie or a server-side session.</summary>
    /// <returns>Base64url: a bearer token, so never log it.</returns>
    public string Reveal() => Base64Url.EncodeToString(ProtectedContent);

    /// <summary>Tells the type, never the content.</summary>
    /// <returns>Always <c>MfaReceipt</c>.</returns>
    public override string ToString() => nameof(MfaReceipt);
}
