using Callroute.Mfa.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>What a row holds beside its key. It is no entity: nothing is tracked, proxied or intercepted.</summary>
internal sealed record RowContent(string Version, byte[] Document)
{
    public StoredRecord ToStoredRecord() => new(Document, Guid.ParseExact(Version, "N"));
}
