using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Telemetry;

/// <summary>Holds one audit event. No event holds a secret or a code.</summary>
/// <remarks>Immutable and thread-safe. The last 32 are kept in the subject's record.</remarks>
public sealed record MfaEvent
{
    /// <summary>When it happened, in UTC; of counted repeats, the last.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened; <see cref="MfaEventKind.Other"/> where a newer version of the library wrote it.</summary>
    [JsonIgnore]
    public MfaEventKind Kind
    {
        get => Enum.TryParse<MfaEventKind>(KindName, out var kind) && Enum.IsDefined(kind) ? kind : MfaEventKind.Other;
        init => KindName = value.ToString();
    }

    /// <summary>The factor, where the event concerns one.</summary>
    public MfaMethod? Method { get; init; }

    /// <summary>The authenticator, where the event concerns one.</summary>
    public Guid? AuthenticatorId { get; init; }

    /// <summary>An administrator's reason for a reset; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>How many more times the same happened right before; 0 for a single event.</summary>
    public int Repeats { get; init; }

    /// <summary>What happened, by name: kept as it is, also where this version does not know it.</summary>
    [JsonInclude]
    [JsonPropertyName("kind")]
    internal string KindName { get; init; } = string.Empty;

    /// <summary>Members that a newer version of the library wrote: kept as they are.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}
