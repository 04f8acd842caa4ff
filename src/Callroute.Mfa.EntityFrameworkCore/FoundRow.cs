using Callroute.Mfa.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>What a read brings: no entity, so nothing is tracked, proxied or intercepted.</summary>
internal sealed record FoundRow(string Version, byte[] Document)
{
    public StoredRecord ToStoredRecord() => new(Document, RecordVersion.Parse(Version));
}
