using Callroute.Mfa.Otp;

namespace Callroute.Mfa;

/// <summary>Tells what is known about a bound authenticator.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What the user calls it, or null.</param>
/// <param name="CreatedAt">When it was bound, in UTC.</param>
/// <param name="LastUsedAt">When a code of it was last accepted, in UTC.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record AuthenticatorStatus(Guid Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, TotpParameters Parameters);
