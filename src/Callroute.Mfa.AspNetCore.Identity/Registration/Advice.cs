namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>The texts that stop the start.</summary>
internal static class Advice
{
    public const string NoStore =
        "No store for MFA records: Identity's user store has no DbContext. Call AddEntityFrameworkStores before AddCallrouteMfa, or choose "
        + "a store: .AddCallrouteMfa(options => options.Mfa.UseSql(…)), UseEntityFramework, UseRedis or UseInMemory.";

    public const string UnfitUserStore =
        "Identity's user store has no TwoFactorEnabled or no security stamp: it must implement IUserTwoFactorStore and "
        + "IUserSecurityStampStore.";

    public const string NoRoles =
        $"{nameof(IdentityMfaOptions)}.{nameof(IdentityMfaOptions.RequiredRole)} is set, but Identity's user store has no roles, so nobody "
        + "would have to have MFA. Call AddRoles before AddEntityFrameworkStores. If roles are claims of your own, set "
        + $"{nameof(IdentityMfaOptions.RequiredFor)} instead.";

    public const string Tenants =
        $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.TenantClaim)} is set, but Identity's users have no tenant, so administrators "
        + $"would reset records that belong to nobody. Remove {nameof(MfaSignInOptions.TenantClaim)}.";

    public const string ForeignUsers =
        $"An {nameof(IMfaUsers)} was registered after AddCallrouteMfa. Remove it: this package finds Identity's users itself.";

    public const string ForeignProvider =
        "The token provider of authenticator apps was replaced after AddCallrouteMfa. Remove the PostConfigure<IdentityOptions> that "
        + "replaces it.";

    public static string ForeignManager(string found, Type ours) =>
        $"{found} does not derive from {NameOf(ours)}, so codes would be verified without Callroute.Mfa. Derive it from {NameOf(ours)} of "
        + $"{typeof(Advice).Assembly.GetName().Name}: the constructor stays the same.";

    public static string WrongOrder(Type service) =>
        $"{NameOf(service)} was registered after AddCallrouteMfa and replaces ours, so codes would be verified without Callroute.Mfa. Move "
        + ".AddCallrouteMfa() to the end of the calls after AddIdentity, AddDefaultIdentity or AddIdentityCore.";

    public static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{type.GenericTypeArguments[0].Name}>"
        : type.Name;
}
