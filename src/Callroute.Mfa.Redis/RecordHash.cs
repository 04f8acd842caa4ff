using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>What the hash of one subject holds: the document, its version, and the last version that was confirmed as durable.</summary>
internal sealed record RecordHash(StoredRecord Record, bool IsConfirmed)
{
    private const int ConfirmedVersion = 2;

    /// <summary>Reads version and document, as the scripts give them; the confirmed version may follow.</summary>
    /// <exception cref="InvalidDataException">Somebody else wrote the hash.</exception>
    public static RecordHash? Read(params ReadOnlySpan<RedisValue> values)
    {
        var (version, document) = (values[0], values[1]);
        if (version.IsNull && document.IsNull)
        {
            return null;
        }

        if (version.IsNull || document.IsNull)
        {
            throw new InvalidDataException("A record in Redis lacks its version or its document.");
        }

        var isConfirmed = values.Length > ConfirmedVersion && values[ConfirmedVersion] == version;
        return new RecordHash(new StoredRecord((ReadOnlyMemory<byte>)document, Guid.ParseExact((string)version!, "N")), isConfirmed);
    }
}
