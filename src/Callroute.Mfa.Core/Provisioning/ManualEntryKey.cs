using System.Diagnostics;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>Holds a secret in the form that a person types into an app: Base32 in groups of four.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers tell the length only.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ManualEntryKey
{
    private readonly string _text;

    /// <summary>Makes the key of a secret.</summary>
    /// <param name="secret">The shared secret; not kept.</param>
    public ManualEntryKey(SharedSecret secret) => _text = TextGroups.OfFour(Guard.NotNull(secret).RevealBase32(), ' ');

    /// <summary>Gives the key as it is shown to its owner.</summary>
    /// <returns>Base32 in groups of four with spaces between, such as <c>JBSW Y3DP</c>: show it once, never log it.</returns>
    public string Reveal() => _text;

    /// <summary>Tells the length, never the content.</summary>
    /// <returns>For example <c>ManualEntryKey (39 characters)</c>.</returns>
    public override string ToString() => $"{nameof(ManualEntryKey)} ({_text.Length} characters)";
}
