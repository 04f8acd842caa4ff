namespace Callroute.Mfa.AspNetCore;

/// <summary>Marks an endpoint of administrators with the policy that the host has named.</summary>
internal sealed record AdministrationPolicy(string Name);
