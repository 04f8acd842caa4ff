namespace Callroute.Mfa;

/// <summary>Names whether the application requires MFA of a user. Only the application writes it, in its own user row.</summary>
/// <remarks>The default value is not a policy, and every method refuses it: a column that was not read must not let a user in.</remarks>
public enum MfaPolicy
{
    /// <summary>The user may have MFA.</summary>
    Optional = 1,

    /// <summary>The user must have MFA: they can only enrol until they have it, and cannot disable it.</summary>
    Required = 2,
}
