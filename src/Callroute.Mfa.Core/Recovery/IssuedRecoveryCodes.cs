using System.Diagnostics;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds recovery codes that were just issued. Show them now: only the same request gets them again, for 10 minutes.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers do not write codes.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IssuedRecoveryCodes
{
    internal IssuedRecoveryCodes(Guid setId, IReadOnlyList<RecoveryCode> codes) => (SetId, Codes) = (setId, codes);

    internal IReadOnlyList<RecoveryCode> Codes { get; }

    /// <summary>The id of the set. Pass it to <c>MfaService.AcknowledgeRecoveryCodesAsync</c> when the user has saved the codes.</summary>
    public Guid SetId { get; }

    /// <summary>Returns the codes as they are shown to the user.</summary>
    /// <returns>1–16 codes, each in groups of four with hyphens between: show them once, never log them.</returns>
    public IReadOnlyList<string> Reveal() => [.. Codes.Select(code => code.Reveal())];

    /// <summary>Returns the type and the number of codes.</summary>
    /// <returns>For example <c>IssuedRecoveryCodes (1)</c>.</returns>
    public override string ToString() => $"{nameof(IssuedRecoveryCodes)} ({Codes.Count})";
}
