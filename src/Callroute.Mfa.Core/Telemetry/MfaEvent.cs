using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Telemetry;

/// <summary>Describes one audit event. No event contains a secret or a code.</summary>
/// <remarks>Immutable and thread-safe. The subject's record keeps the last 32.</remarks>
public sealed class MfaEvent
{
    [JsonConstructor]
    internal MfaEvent()
    {
    }

    /// <summary>When it happened, in UTC; for counted repeats, the last time.</summary>
    [JsonInclude]
    [JsonRequired]
    public DateTimeOffset At { get; internal init; }

    /// <summary>The kind of event; <see cref="MfaEventKind.Other"/> if a newer version of the library wrote it.</summary>
    [JsonIgnore]
    public MfaEventKind Kind
    {
        get => Enum.TryParse<MfaEventKind>(KindName, out var kind) && Enum.IsDefined(kind) ? kind : MfaEventKind.Other;
        internal init => KindName = value.ToString();
    }

    /// <summary>The factor, if the event concerns one.</summary>
    [JsonInclude]
    public MfaMethod? Method { get; internal init; }

    /// <summary>The authenticator, if the event concerns one.</summary>
    [JsonInclude]
    public Guid? AuthenticatorId { get; internal init; }

    /// <summary>
    /// An administrator's reason for a reset or an unlocking; for an imported secret of 10–15 bytes, its size; else null.
    /// </summary>
    [JsonInclude]
    public string? Reason { get; internal init; }

    /// <summary>How many more times the same event happened directly before; 0 for a single event.</summary>
    [JsonInclude]
    public int Repeats { get; internal init; }

    /// <summary>The name of the kind. It is stored unchanged, even if this version does not know it.</summary>
    [JsonInclude]
    [JsonPropertyName("kind")]
    internal string KindName { get; init; } = string.Empty;

    /// <summary>Members that a newer version of the library wrote. They are stored unchanged.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    /// <summary>Returns the same event with another number of repeats and the time of the last one.</summary>
    internal MfaEvent WithRepeats(long repeats, DateTimeOffset at) => new()
    {
        At = at,
        KindName = KindName,
        Method = Method,
        AuthenticatorId = AuthenticatorId,
        Reason = Reason,
        Repeats = (int)Math.Min(repeats, int.MaxValue),
        UnknownMembers = UnknownMembers,
    };
}
