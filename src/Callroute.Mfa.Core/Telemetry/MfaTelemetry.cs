using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Callroute.Mfa.Telemetry;

/// <summary>The one meter and the one activity source. No tag holds a user id, a secret or a code.</summary>
/// <remarks>
/// Listeners are code of the application, called in the middle of an operation. An exception of one is counted as a handler's failure, and
/// changes neither the answer nor what is saved.
/// </remarks>
internal static class MfaTelemetry
{
    public const string Name = "Callroute.Mfa";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Verifications =
        Meter.CreateCounter<long>("callroute.mfa.verifications", "{attempt}", "Results of codes, by method and outcome.");
    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram<double>("callroute.mfa.verification.duration", "s", "Duration of a verification, by method.");
    private static readonly Counter<long> Changes =
        Meter.CreateCounter<long>("callroute.mfa.changes", "{change}", "Enrolments and other changes, by operation and outcome.");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("callroute.mfa.events", "{event}", "Audit events, by kind.");
    private static readonly Counter<long> Conflicts =
        Meter.CreateCounter<long>("callroute.mfa.conflicts", "{conflict}", "Writes that found another version and were repeated.");
    private static readonly Counter<long> LateCalls =
        Meter.CreateCounter<long>("callroute.mfa.late_calls", "{call}", "Calls that took longer than the call time-out.");
    private static readonly Counter<long> HandlerFailures = Meter.CreateCounter<long>(
        "callroute.mfa.event_handler.failures", "{failure}", "Exceptions of the application's handlers and of listeners to telemetry.");

    /// <summary>
    /// Announces the meter and the source to the listeners. A listener that throws then does so before the first operation, not in the
    /// middle of it.
    /// </summary>
    public static void Announce() => RuntimeHelpers.RunClassConstructor(typeof(MfaTelemetry).TypeHandle);

    public static void CountVerification(string method, string outcome, TimeSpan duration)
    {
        Add(Verifications, new("method", method), new("outcome", outcome));
        Record(Durations, duration.TotalSeconds, new("method", method));
    }

    public static void CountChange(string operation, string outcome) => Add(Changes, new("operation", operation), new("outcome", outcome));

    public static void CountEvent(MfaEvent happened) => Add(Events, new KeyValuePair<string, object?>("kind", happened.KindName));

    public static void CountConflict() => Add(Conflicts);

    public static void CountLateCall() => Add(LateCalls);

    /// <summary>Counts an exception of the application's code, and marks the current span as failed.</summary>
    public static void CountHandlerFailure(Exception exception)
    {
        if (Activity.Current is { } current && current.Source == Activities)
        {
            current.SetStatus(ActivityStatusCode.Error, exception.GetType().FullName);
        }

        Add(HandlerFailures, new KeyValuePair<string, object?>("error.type", exception.GetType().FullName));
    }

#pragma warning disable CA1031 // The operation may have saved already. Throwing now would lose its answer.
    private static void Add(Counter<long> counter, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(1, tags);
        }
        catch (Exception exception)
        {
            // If the listener fails on this counter too, nothing is left to report it to.
            if (!ReferenceEquals(counter, HandlerFailures))
            {
                CountHandlerFailure(exception);
            }
        }
    }

    private static void Record(Histogram<double> histogram, double value, KeyValuePair<string, object?> tag)
    {
        try
        {
            histogram.Record(value, tag);
        }
        catch (Exception exception)
        {
            CountHandlerFailure(exception);
        }
    }
#pragma warning restore CA1031
}
