using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Storage;

/// <summary>A part of a stored document that keeps the members a newer version of the library wrote.</summary>
/// <remarks>
/// Members that an older node may ignore are fine within a format. A version that adds another factor takes a new format:
/// an older node that resets a user could not remove it.
/// </remarks>
internal abstract record ExtensibleDocument
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}
