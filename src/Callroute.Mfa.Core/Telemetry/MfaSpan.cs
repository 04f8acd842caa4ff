using System.Diagnostics;

namespace Callroute.Mfa.Telemetry;

/// <summary>A trace span of one operation. An exception of a listener is counted and goes no further.</summary>
internal readonly struct MfaSpan(Activity? activity) : IDisposable
{
    public static MfaSpan Start(string name)
    {
        var parent = Activity.Current;
        try
        {
            return new(MfaTelemetry.Activities.StartActivity(name));
        }
#pragma warning disable CA1031 // A listener must not decide whether an operation runs.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The listener may have thrown after the span became the current one. Then the span has to be stopped too.
            var current = Activity.Current;
            MfaTelemetry.CountHandlerFailure(exception);
            return new(current?.Source == MfaTelemetry.Activities && !ReferenceEquals(current, parent) ? current : null);
        }
    }

    public void SetOutcome(string outcome) => activity?.SetTag("outcome", outcome);

    /// <summary>Marks the span as failed with the exception's type. Its message may contain anything, so it is left out.</summary>
    public void Fail(Exception exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().FullName);

    public void Dispose()
    {
        try
        {
            activity?.Dispose();
        }
#pragma warning disable CA1031 // The operation may have saved already. Throwing now would lose its answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            MfaTelemetry.CountHandlerFailure(exception);
        }
    }
}
