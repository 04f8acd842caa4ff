using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>What the hash of one subject holds: the document, its version, and the last version that was confirmed as durable.</summary>
internal sealed record RecordHash(StoredRecord Record, bool IsConfirmed)
{
    private const string VersionField = "v";
    private const string DocumentField = "d";

    public static readonly RedisValue[] Fields = [VersionField, DocumentField];

    /// <summary>Reads the values of the fields, in their order; the confirmed version may follow.</summary>
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

        var isConfirmed = values.Length > Fields.Length && values[Fields.Length] == version;
        return new RecordHash(new StoredRecord((ReadOnlyMemory<byte>)document, RecordVersion.Parse((string)version!)), isConfirmed);
    }
}
