namespace Callroute.Mfa;

/// <summary>Names what the application asks of a user. Only the application writes it, in its own user row.</summary>
/// <remarks>The default value is neither, and every method refuses it: a column that was not read must not open a door.</remarks>
public enum MfaPolicy
{
    /// <summary>The user may have MFA.</summary>
    Optional = 1,

    /// <summary>The user must have MFA: they can only enrol until they have it, and cannot disable it.</summary>
    Required = 2,
}
