using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Callroute.Mfa.Telemetry;

/// <summary>The one meter and the one activity source. No tag holds a user id, a secret or a code.</summary>
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
    private static readonly Counter<long> HandlerFailures =
        Meter.CreateCounter<long>("callroute.mfa.event_handler.failures", "{failure}", "Exceptions of the application's event handler.");

    public static void CountVerification(string method, string outcome, TimeSpan duration)
    {
        Verifications.Add(1, new("method", method), new("outcome", outcome));
        Durations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("method", method));
    }

    public static void CountChange(string operation, string outcome) =>
        Changes.Add(1, new("operation", operation), new("outcome", outcome));

    public static void CountEvent(MfaEvent happened) => Events.Add(1, new KeyValuePair<string, object?>("kind", happened.KindName));

    public static void CountConflict() => Conflicts.Add(1);

    public static void CountHandlerFailure(Exception exception)
    {
        HandlerFailures.Add(1, new KeyValuePair<string, object?>("error.type", exception.GetType().FullName));
        Fail(Activity.Current?.Source == Activities ? Activity.Current : null, exception);
    }

    /// <summary>Marks a span as failed with the exception's type. Its message may contain anything, so it is left out.</summary>
    public static void Fail(Activity? activity, Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().FullName);
}
