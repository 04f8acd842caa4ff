using Callroute.Mfa.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The columns of a row without its key. It is not an entity, so EF Core neither tracks nor proxies it.</summary>
internal sealed record RowContent(string Version, byte[] Document)
{
    public StoredRecord ToStoredRecord() => new(Document, Guid.ParseExact(Version, "N"));
}
