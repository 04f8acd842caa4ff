using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>A device that holds a token of the subject.</summary>
internal sealed record KnownDevice : ExtensibleDocument
{
    public required Guid Id { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }
}
