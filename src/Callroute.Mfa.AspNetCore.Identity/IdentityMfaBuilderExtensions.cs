using System.Reflection;
using Callroute.Mfa.AspNetCore.Identity.Registration;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Adds Callroute.Mfa to ASP.NET Core Identity.</summary>
public static class IdentityMfaBuilderExtensions
{
    /// <summary>
    /// Lets Callroute.Mfa verify every code of ASP.NET Core Identity: its pages, its API endpoints and its managers work as before, but
    /// each code is accepted once, guesses are throttled, secrets are encrypted and recovery codes are hashed.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Call it last, after <c>AddEntityFrameworkStores</c>, <c>AddSignInManager</c> and your own managers, and call
    /// <c>builder.AddCallrouteMfa(Database)</c> in <c>OnModelCreating</c> of the same context. Your own managers must derive from
    /// <see cref="MfaUserManager{TUser}"/> and <see cref="MfaSignInManager{TUser}"/>. If something is missing or in the wrong order, the
    /// application does not start, and the message says what to do.
    /// </para>
    /// <para>
    /// A user gets 10 recovery codes, and a used recovery code is not replaced, because Identity's pages have no place for the new one. The
    /// issuer is the name of the application; Identity's own page writes another one into the address of its QR code. The configuration
    /// section <c>Callroute:Mfa</c> changes these defaults.
    /// </para>
    /// </remarks>
    /// <param name="builder">The builder of Identity.</param>
    /// <param name="configure">Says who must have MFA, and chooses other parts; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">Identity's users are in no <c>DbContext</c>, and no other store is chosen.</exception>
    public static IdentityBuilder AddCallrouteMfa(this IdentityBuilder builder, Action<IdentityMfaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        typeof(IdentityRegistration).GetMethod(nameof(IdentityRegistration.Add))!.MakeGenericMethod(builder.UserType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [builder.Services, configure], null);
        return builder;
    }
}
