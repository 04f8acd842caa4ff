using System.Text.Json.Serialization;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>One bound authenticator.</summary>
internal sealed record AuthenticatorRecord : ExtensibleDocument
{
    public required Guid Id { get; init; }

    public string? Name { get; init; }

    public required byte[] ProtectedSecret { get; init; }

    public required TotpParameters Parameters { get; init; }

    /// <summary>The number behind the account, as the app shows it: 2 or more; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LabelNumber { get; init; }

    /// <summary>The highest time step whose code was used. No code of this step or an earlier one is accepted again.</summary>
    public required long LastUsedStep { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether another system made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsImported { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }
}
