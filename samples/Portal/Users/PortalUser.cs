using Callroute.Mfa;

namespace Callroute.Portal.Users;

/// <summary>
/// A row of the users' table. The id never changes; everything else may. Only the portal writes the policy, and only Callroute.Mfa writes
/// whether the user is enrolled. The stamp is in every session of the user: a new one ends them all.
/// </summary>
public sealed record PortalUser(
    string Id, string Email, string Name, string PasswordHash, MfaPolicy Policy, bool IsEnrolled, string Stamp);
