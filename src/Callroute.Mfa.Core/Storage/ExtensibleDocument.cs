using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Storage;

/// <summary>A part of a stored document that keeps the members a newer version of the library wrote.</summary>
internal abstract record ExtensibleDocument
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}
