namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The key of a row.</summary>
internal sealed record RowKey(string Tenant, string UserId);
