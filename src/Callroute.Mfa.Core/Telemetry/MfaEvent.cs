using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Telemetry;

/// <summary>Holds one audit event. No event holds a secret or a code.</summary>
/// <remarks>Immutable and thread-safe; made by the library only. The last 32 are kept in the subject's record.</remarks>
public sealed class MfaEvent
{
    [JsonConstructor]
    internal MfaEvent()
    {
    }

    /// <summary>When it happened, in UTC; of counted repeats, the last.</summary>
    [JsonInclude]
    [JsonRequired]
    public DateTimeOffset At { get; internal init; }

    /// <summary>What happened; <see cref="MfaEventKind.Other"/> where a newer version of the library wrote it.</summary>
    [JsonIgnore]
    public MfaEventKind Kind
    {
        get => Enum.TryParse<MfaEventKind>(KindName, out var kind) && Enum.IsDefined(kind) ? kind : MfaEventKind.Other;
        internal init => KindName = value.ToString();
    }

    /// <summary>The factor, where the event concerns one.</summary>
    [JsonInclude]
    public MfaMethod? Method { get; internal init; }

    /// <summary>The authenticator, where the event concerns one.</summary>
    [JsonInclude]
    public Guid? AuthenticatorId { get; internal init; }

    /// <summary>An administrator's reason for a reset; else null.</summary>
    [JsonInclude]
    public string? Reason { get; internal init; }

    /// <summary>How many more times the same happened right before; 0 for a single event.</summary>
    [JsonInclude]
    public int Repeats { get; internal init; }

    /// <summary>What happened, by name: kept as it is, also where this version does not know it.</summary>
    [JsonInclude]
    [JsonPropertyName("kind")]
    internal string KindName { get; init; } = string.Empty;

    /// <summary>Members that a newer version of the library wrote: kept as they are.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    /// <summary>The same happening with another number of repeats, and with the time of the last of them.</summary>
    internal MfaEvent WithRepeats(int repeats, DateTimeOffset at) => new()
    {
        At = at,
        KindName = KindName,
        Method = Method,
        AuthenticatorId = AuthenticatorId,
        Reason = Reason,
        Repeats = repeats,
        UnknownMembers = UnknownMembers,
    };
}
