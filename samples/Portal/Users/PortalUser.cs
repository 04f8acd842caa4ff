namespace Callroute.Portal.Users;

/// <summary>
/// A row of the users' table. The id never changes; everything else may. The stamp is in every session of the user: a new one ends them
/// all.
/// </summary>
internal sealed record PortalUser(string Id, string Email, string Name, string PasswordHash, bool IsEnrolled, string Stamp);
