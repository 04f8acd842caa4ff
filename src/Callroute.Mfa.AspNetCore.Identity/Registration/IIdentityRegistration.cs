namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>The registration without the type of the user, which the builder of Identity knows at run time only.</summary>
internal interface IIdentityRegistration
{
    void Add(Action<IdentityMfaOptions>? configure);
}
