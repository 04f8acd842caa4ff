using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>The content of one write.</summary>
internal sealed record Entry(MfaSubject Subject, ReadOnlyMemory<byte> Document, Guid Version)
{
    /// <summary>Creates a random text that is unique across all cases and runs.</summary>
    public static string NewText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    public static Entry New() => For(new MfaSubject(NewText()));

    public static Entry For(MfaSubject subject) => new(subject, NewDocument(), new(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Creates another document and version for the same subject.</summary>
    public Entry Next() => For(Subject);

    public Entry With(ReadOnlyMemory<byte> document) => this with { Document = document };

    public bool IsIn(StoredRecord? stored) =>
        stored is not null && stored.Version == Version && stored.Document.Span.SequenceEqual(Document.Span);

    private static byte[] NewDocument() => Encoding.UTF8.GetBytes($$"""{"is":"{{NewText()}}"}""");
}
