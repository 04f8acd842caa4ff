using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>
/// A store that maps the counters of failures to fields of their own. The engine gives every field back as text, the
/// store looks for a number, finds none, and takes nought (Vikunja on Redis).
/// </summary>
internal sealed class StringCounterStore(IMfaStore inner) : IMfaStore
{
    private static readonly string[] Throttles = ["totpThrottle", "recoveryThrottle"];

    private readonly ConcurrentDictionary<(MfaSubject Subject, string Throttle), object> _fields = new();

    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (await inner.FindAsync(subject, cancellationToken) is not { } stored)
        {
            return null;
        }

        var document = JsonNode.Parse(stored.Document.Span)!;
        foreach (var throttle in Throttles.Where(throttle => document[throttle] is not null))
        {
            document[throttle]!["failures"] = _fields[(subject, throttle)] is int failures ? failures : 0;
        }

        return new StoredRecord(Write(document), stored.Version);
    }

    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        if (!await inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken))
        {
            return false;
        }

        var written = JsonNode.Parse(document.Span)!;
        foreach (var throttle in Throttles.Where(throttle => written[throttle] is not null))
        {
            _fields[(subject, throttle)] = written[throttle]!["failures"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture);
        }

        return true;
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(subject, expected, cancellationToken);

    private static byte[] Write(JsonNode document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
}
