using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Redis;

/// <summary>Reads and changes the record of a key on the primary that owns the key.</summary>
internal interface IPrimary
{
    Task<StoredRecord?> FindAsync(string key);

    Task<bool> WriteAsync(string key, string expected, string version, byte[] document);

    Task<bool> DeleteAsync(string key, string expected);
}
