using System.Diagnostics;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds recovery codes that were just issued: the only time that they can be shown.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers tell no code.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IssuedRecoveryCodes
{
    private readonly IReadOnlyList<RecoveryCode> _codes;

    internal IssuedRecoveryCodes(Guid setId, IReadOnlyList<RecoveryCode> codes) => (SetId, _codes) = (setId, codes);

    /// <summary>Names the set, for <c>MfaService.AcknowledgeRecoveryCodesAsync</c> when the user has saved it.</summary>
    public Guid SetId { get; }

    /// <summary>Gives the codes as they are shown to their owner.</summary>
    /// <returns>1–16 codes, each in groups of four with hyphens between: show them once, never log them.</returns>
    public IReadOnlyList<string> Reveal() => [.. _codes.Select(code => code.Reveal())];

    /// <summary>Tells the number of codes.</summary>
    /// <returns>For example <c>IssuedRecoveryCodes (1)</c>.</returns>
    public override string ToString() => $"{nameof(IssuedRecoveryCodes)} ({_codes.Count})";
}
