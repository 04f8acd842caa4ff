namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The key of a row, as a scan reads it.</summary>
internal sealed record RowKey(string Tenant, string UserId);
