namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Holds one subject's document as a row of the table <c>callroute_mfa</c>.</summary>
/// <remarks>
/// It is public because it lives in the application's model, and neither sealed nor without virtual members because a
/// model with proxies asks for that. Read and write it through <see cref="EntityFrameworkMfaStore{TContext}"/> only: a row
/// that is tracked and saved goes past the swap that every rule rests on.
/// </remarks>
public class MfaRecordRow
{
    /// <summary>The tenant, or the empty string where the subject has none.</summary>
    public virtual string Tenant { get; set; } = "";

    /// <summary>The user's id.</summary>
    public virtual string UserId { get; set; } = "";

    /// <summary>The version of the last write: 32 lower-case hexadecimal digits.</summary>
    public virtual string Version { get; set; } = "";

    /// <summary>The document: UTF-8 JSON, opaque to a store.</summary>
    public virtual byte[] Document { get; set; } = [];
}
