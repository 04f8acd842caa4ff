using System.Text.Json.Serialization;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Recovery;

/// <summary>One issued set of recovery codes as it is stored. All its codes share the settings of the hash.</summary>
internal sealed record RecoveryCodeSet : ExtensibleDocument
{
    public required Guid SetId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsAcknowledged { get; init; }

    /// <summary>Whether another system made its codes. Only then is a text of another form than ours a recovery code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsImported { get; init; }

    /// <summary>The id of the pepper key that was applied before the hash; null for none.</summary>
    public string? PepperKeyId { get; init; }

    /// <summary>The text that <see cref="IRecoveryCodeHasher.CreateSettings"/> returned for this set.</summary>
    public required string Settings { get; init; }

    /// <summary>The tag of every unused code.</summary>
    public required IReadOnlyList<byte[]> Tags { get; init; }

    public RecoveryCodeSet Without(int index) => this with { Tags = [.. Tags.Take(index), .. Tags.Skip(index + 1)] };
}
