using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>The hash of one subject: the document, its version, and the last version that was confirmed as durable.</summary>
internal sealed record RecordHash(StoredRecord Record, bool IsConfirmed)
{
    private const int ConfirmedVersion = 2;

    /// <summary>Reads the values that the scripts return: version, document, and optionally the confirmed version.</summary>
    /// <exception cref="InvalidDataException">The hash lacks a field, so another program must have written it.</exception>
    /// <exception cref="FormatException">The version is malformed, so another program must have written it.</exception>
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
