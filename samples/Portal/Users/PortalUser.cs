namespace Callroute.Portal.Users;

/// <summary>A row of the users' table. The id never changes; everything else may.</summary>
internal sealed record PortalUser(string Id, string Email, string Name, string PasswordHash, bool IsMfaRequired);
