using System.Diagnostics;

namespace Callroute.Mfa;

/// <summary>Contains the proof for a change: a code, or a recent receipt of an earlier verification.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> and serializers do not write the content.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MfaProof
{
    private MfaProof()
    {
    }

    internal string? Response { get; private init; }

    internal AttemptId Attempt { get; private init; }

    internal string? KnownDevice { get; private init; }

    internal MfaReceipt? Receipt { get; private init; }

    /// <summary>Creates a proof from a code. The change verifies and consumes it.</summary>
    /// <param name="response">The text that the user typed: a code of an app, or a recovery code.</param>
    /// <param name="attempt">A new attempt for each form, from <see cref="MfaService.BeginAttempt"/>.</param>
    /// <param name="knownDevice">The device's token, as in <see cref="MfaService.VerifyAsync"/>; null if it has none.</param>
    /// <returns>The proof.</returns>
    /// <exception cref="ArgumentException">The attempt is the default value.</exception>
    public static MfaProof FromCode(string? response, AttemptId attempt, string? knownDevice = null) =>
        new() { Response = response ?? string.Empty, Attempt = Guard.Begun(attempt), KnownDevice = knownDevice };

    /// <summary>Creates a proof from the receipt of an earlier verification.</summary>
    /// <param name="receipt">The receipt. It proves a change while it is younger than <see cref="MfaOptions.StepUpAge"/>.</param>
    /// <returns>The proof.</returns>
    public static MfaProof FromReceipt(MfaReceipt receipt) => new() { Receipt = Guard.NotNull(receipt) };

    /// <summary>Returns the type, never the content.</summary>
    /// <returns>Always <c>MfaProof</c>.</returns>
    public override string ToString() => nameof(MfaProof);
}
