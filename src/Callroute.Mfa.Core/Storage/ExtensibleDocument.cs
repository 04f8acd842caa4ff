using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Storage;

/// <summary>A part of a stored document that preserves the members that a newer version of the library wrote.</summary>
/// <remarks>
/// A format may gain members that older nodes can ignore. A version that adds another factor needs a new format: an older node that
/// resets a user could not remove that factor.
/// </remarks>
internal abstract record ExtensibleDocument
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; set; }
}
