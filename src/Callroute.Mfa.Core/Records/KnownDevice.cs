namespace Callroute.Mfa.Records;

/// <summary>A device that holds a token of the subject.</summary>
internal readonly record struct KnownDevice(Guid Id, DateTimeOffset LastUsedAt);
