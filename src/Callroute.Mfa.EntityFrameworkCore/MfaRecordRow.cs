namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>One subject's document as a row of the table <c>callroute_mfa</c>.</summary>
/// <remarks>
/// The type is public because the application's model contains it. It is not sealed and has virtual members because models with proxies
/// require both. Read and write rows only through <see cref="EntityFrameworkMfaStore{TContext}"/>: saving a tracked row bypasses the
/// compare-and-swap that makes codes work once.
/// </remarks>
public class MfaRecordRow
{
    /// <summary>The tenant, or the empty string if the subject has none.</summary>
    public virtual string Tenant { get; set; } = "";

    /// <summary>The user's id.</summary>
    public virtual string UserId { get; set; } = "";

    /// <summary>The version of the last write: 32 lower-case hexadecimal digits.</summary>
    public virtual string Version { get; set; } = "";

    /// <summary>The document: UTF-8 JSON, opaque to a store.</summary>
    public virtual byte[] Document { get; set; } = [];
}
