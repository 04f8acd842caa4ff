using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Recovery;

/// <summary>One issued set of recovery codes as it is stored: PHC strings that share salt and parameters.</summary>
internal sealed record RecoveryCodeSet : ExtensibleDocument
{
    public required Guid Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsAcknowledged { get; init; }

    /// <summary>The pepper key that the codes went through before the hash; null for none.</summary>
    public string? PepperKeyId { get; init; }

    /// <summary>A PHC string for every unused code; never empty.</summary>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>The set without one code, or null where that was the last.</summary>
    public RecoveryCodeSet? Without(int index) =>
        Hashes.Count == 1 ? null : this with { Hashes = [.. Hashes.Take(index), .. Hashes.Skip(index + 1)] };
}
