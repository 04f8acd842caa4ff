using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa;

/// <summary>
/// Records that the library verified a subject. It proves a change while it is younger than <see cref="MfaOptions.StepUpAge"/>.
/// </summary>
/// <remarks>
/// A key of the subject's record authenticates it. It becomes invalid when MFA is disabled or reset, and when its authenticator is removed.
/// The receipt of a recovery code becomes invalid when the codes that replaced it are replaced themselves. Keep it in the signed-in
/// session. Immutable and thread-safe. <see cref="ToString"/> and serializers do not write it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MfaReceipt
{
    /// <summary>The length of the longest text that can be parsed, in characters.</summary>
    internal const int MaximumLength = 2048;

    internal MfaReceipt(byte[] content) => Content = content;

    internal byte[] Content { get; }

    /// <summary>Parses the text that <see cref="Reveal"/> returned. The receipt itself is checked only when it is used.</summary>
    /// <param name="text">At most 2,048 characters; null is refused.</param>
    /// <param name="receipt">The receipt; null when the text is refused.</param>
    /// <returns>Whether the text has the form of a receipt.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MfaReceipt? receipt)
    {
        receipt = text is { Length: > 0 and <= MaximumLength } && Base64Url.IsValid(text)
            ? new MfaReceipt(Base64Url.DecodeFromChars(text))
            : null;
        return receipt is not null;
    }

    /// <summary>Returns the receipt as text, for a protected cookie or a server-side session.</summary>
    /// <returns>Text in Base64url. It is a bearer token: never log it.</returns>
    public string Reveal() => Base64Url.EncodeToString(Content);

    /// <summary>Returns the type, never the content.</summary>
    /// <returns>Always <c>MfaReceipt</c>.</returns>
    public override string ToString() => nameof(MfaReceipt);
}
