using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Keeps something else than it is given.</summary>
internal sealed class TranslatingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public Func<string, string> Text { get; init; } = text => text;

    public Func<MfaSubject, MfaSubject> Subject { get; init; } = subject => subject;

    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Document { get; init; } = document => document;

    public Func<string, string> Version { get; init; } = version => version;

    public override ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        base.FindAsync(Of(subject), cancellationToken);

    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        base.TryWriteAsync(Of(subject), Document(document), Of(newVersion), expected is { } version ? Of(version) : null, cancellationToken);

    public override ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        base.TryDeleteAsync(Of(subject), Of(expected), cancellationToken);

    private MfaSubject Of(MfaSubject subject) =>
        Subject(new MfaSubject(OrDash(Text(subject.UserId)), subject.Tenant is null ? null : OrDash(Text(subject.Tenant))));

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;

    private Guid Of(Guid version) => Guid.ParseExact(Version(version.ToString("N")), "N");
}
