using System.Diagnostics;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds recovery codes that were just issued: the only time that they can be shown.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers tell no code.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IssuedRecoveryCodes
{
    internal IssuedRecoveryCodes(Guid generation, IReadOnlyList<RecoveryCode> codes) => (Generation, Codes) = (generation, codes);

    /// <summary>Names the set, for <c>MfaService.AcknowledgeRecoveryCodesAsync</c> when the user has saved it.</summary>
    public Guid Generation { get; }

    /// <summary>The codes, at least one.</summary>
    public IReadOnlyList<RecoveryCode> Codes { get; }

    /// <summary>Tells the number of codes.</summary>
    /// <returns>For example <c>IssuedRecoveryCodes (1)</c>.</returns>
    public override string ToString() => $"{nameof(IssuedRecoveryCodes)} ({Codes.Count})";
}
