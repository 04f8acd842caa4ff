namespace Callroute.Mfa.Records;

/// <summary>The members of a record that name its subject.</summary>
internal sealed record RecordOwner(string? UserId, string? Tenant);
