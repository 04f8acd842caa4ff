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
/// <param name="entries">New events, and the positions of stored events in the document.</param>
/// <param name="document">The document that the record was read from. <see cref="In"/> sets it.</param>
[JsonConverter(typeof(EventHistoryConverter))]
internal sealed class EventHistory(HistoryEntry[] entries, ReadOnlyMemory<byte> document = default) : IReadOnlyList<MfaEvent>
{
    private const int MaximumEvents = 32;

    private static readonly MfaEvent Unreadable = new() { Kind = MfaEventKind.Other };

    public static EventHistory Empty { get; } = new([]);

    public int Count => entries.Length;

    public MfaEvent this[int index] => Read(entries[index]);

    public EventHistory In(ReadOnlyMemory<byte> source) => new(entries, source);

    /// <summary>Adds an event, and removes the oldest if there are too many.</summary>
    public EventHistory Add(MfaEvent happened) =>
        new([.. entries.AsSpan(Math.Max(entries.Length - (MaximumEvents - 1), 0)), new HistoryEntry(default, happened)], document);

    public EventHistory Replace(int index, MfaEvent replacement) =>
        new([.. entries.AsSpan(0, index), new HistoryEntry(default, replacement), .. entries.AsSpan(index + 1)], document);

    public EventHistory RemoveAt(int index) => new([.. entries.AsSpan(0, index), .. entries.AsSpan(index + 1)], document);

    public IEnumerator<MfaEvent> GetEnumerator() => entries.Select(Read).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var entry in entries)
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

        writer.WriteEndArray();
    }

    private MfaEvent Read(HistoryEntry entry) => entry.New ?? MfaRecordJson.TryReadEvent(StoredAt(entry)) ?? Unreadable;

    private ReadOnlySpan<byte> StoredAt(HistoryEntry entry) => document.Span[entry.Place];
}
