using System.Collections;
using System.Text.Json.Serialization;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>The last audit events, newest last, each as the JSON that is stored: a sign-in carries the old ones along unread.</summary>
/// <remarks>What is stored and is no event counts as <see cref="MfaEventKind.Other"/>: a history that cannot be read must not keep a guess from being charged.</remarks>
[JsonConverter(typeof(EventHistoryConverter))]
internal sealed class EventHistory : IReadOnlyList<MfaEvent>
{
    private const int MaximumEvents = 32;

    private static readonly MfaEvent Unreadable = new() { Kind = MfaEventKind.Other };

    private readonly ReadOnlyMemory<byte>[] _events = [];
    private readonly Range[] _places = [];

    /// <summary>Holds where events stand in a document, until <see cref="In"/> takes them from there.</summary>
    public EventHistory(Range[] places) => _places = places;

    private EventHistory(ReadOnlyMemory<byte>[] events) => _events = events;

    public static EventHistory Empty { get; } = new(Array.Empty<Range>());

    public ReadOnlySpan<ReadOnlyMemory<byte>> Stored => _events;

    public int Count => _events.Length;

    public MfaEvent this[int index] => Read(_events[index]);

    public EventHistory In(ReadOnlyMemory<byte> document) => new(Array.ConvertAll(_places, place => document[place]));

    /// <summary>Adds an event; the oldest makes room for it.</summary>
    public EventHistory Add(MfaEvent happened) =>
        new([.. _events.AsSpan(Math.Max(_events.Length - (MaximumEvents - 1), 0)), MfaRecordJson.WriteEvent(happened)]);

    public EventHistory Replace(int index, MfaEvent replacement) =>
        new([.. _events.AsSpan(0, index), MfaRecordJson.WriteEvent(replacement), .. _events.AsSpan(index + 1)]);

    public EventHistory RemoveAt(int index) => new([.. _events.AsSpan(0, index), .. _events.AsSpan(index + 1)]);

    public IEnumerator<MfaEvent> GetEnumerator() => _events.Select(Read).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static MfaEvent Read(ReadOnlyMemory<byte> stored) => MfaRecordJson.TryReadEvent(stored.Span) ?? Unreadable;
}
