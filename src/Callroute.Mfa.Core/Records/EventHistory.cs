using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>
/// The last audit events, newest last. Earlier events stay in their stored JSON: a sign-in copies them without parsing them.
/// </summary>
/// <remarks>
/// A stored event that cannot be parsed becomes <see cref="MfaEventKind.Other"/>: an unreadable history must not prevent the counting of a
/// failure.
/// </remarks>
[JsonConverter(typeof(EventHistoryConverter))]
internal sealed class EventHistory : IReadOnlyList<MfaEvent>
{
    private const int MaximumEvents = 32;

    private static readonly MfaEvent Unreadable = new() { Kind = MfaEventKind.Other };

    private readonly HistoryEntry[] _entries;
    private readonly ReadOnlyMemory<byte> _document;

    /// <summary>Holds new events, and the positions of stored events in a document. <see cref="In"/> sets the document.</summary>
    public EventHistory(HistoryEntry[] entries)
        : this(entries, default)
    {
    }

    private EventHistory(HistoryEntry[] entries, ReadOnlyMemory<byte> document) => (_entries, _document) = (entries, document);

    public static EventHistory Empty { get; } = new([]);

    public int Count => _entries.Length;

    public MfaEvent this[int index] => Read(_entries[index]);

    public EventHistory In(ReadOnlyMemory<byte> document) => new(_entries, document);

    /// <summary>Adds an event, and removes the oldest if there are too many.</summary>
    public EventHistory Add(MfaEvent happened) =>
        new([.. _entries.AsSpan(Math.Max(_entries.Length - (MaximumEvents - 1), 0)), new HistoryEntry(default, happened)], _document);

    public EventHistory Replace(int index, MfaEvent replacement) =>
        new([.. _entries.AsSpan(0, index), new HistoryEntry(default, replacement), .. _entries.AsSpan(index + 1)], _document);

    public EventHistory RemoveAt(int index) => new([.. _entries.AsSpan(0, index), .. _entries.AsSpan(index + 1)], _document);

    public IEnumerator<MfaEvent> GetEnumerator() => _entries.Select(Read).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void WriteTo(Utf8JsonWriter writer)
    {
        foreach (var entry in _entries)
        {
            if (entry.New is null)
            {
                writer.WriteRawValue(StoredAt(entry), skipInputValidation: true);
            }
            else
            {
                MfaRecordJson.WriteEvent(writer, entry.New);
            }
        }
    }

    private MfaEvent Read(HistoryEntry entry) => entry.New ?? MfaRecordJson.TryReadEvent(StoredAt(entry)) ?? Unreadable;

    private ReadOnlySpan<byte> StoredAt(HistoryEntry entry) => _document.Span[entry.Place];
}
