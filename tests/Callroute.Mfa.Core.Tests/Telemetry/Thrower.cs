using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Callroute.Mfa.Core.Tests.Telemetry;

/// <summary>Code of the application that throws wherever the service calls it, in the test that created it.</summary>
internal sealed class Thrower : IDisposable
{
    // Listeners hear every test that runs at the same time.
    private readonly AsyncLocal<bool> _isHere = new() { Value = true };
    private readonly List<IDisposable> _listeners = [];
    private int _thrown;

    public static readonly string[] Kinds =
        ["meter", "sampler", "start of a trace", "end of a trace", "event handler", "event handler, later"];

    public int Thrown => _thrown;

    public void Add(string kind, Scenario scenario)
    {
        switch (kind)
        {
            case "meter":
                AddMeterListener();
                break;
            case "event handler":
                scenario.OnEvent = _ => Throw<ValueTask>();
                break;
            case "event handler, later":
                scenario.OnEvent = async _ =>
                {
                    await Task.Yield();
                    Throw<bool>();
                };
                break;
            default:
                AddActivityListener(kind);
                break;
        }
    }

    public void Dispose() => _listeners.ForEach(listener => listener.Dispose());

    /// <summary>A listener to the library's meter, to be started.</summary>
    public static MeterListener NewMeterListener() => new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Callroute.Mfa")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    private void AddMeterListener()
    {
        var listener = NewMeterListener();
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Throw<bool>());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Throw<bool>());
        listener.Start();
        _listeners.Add(listener);
    }

    private void AddActivityListener(string kind)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Callroute.Mfa",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                kind == "sampler" ? Throw<ActivitySamplingResult>() : ActivitySamplingResult.AllData,
            ActivityStarted = _ => Throw<bool>(kind == "start of a trace"),
            ActivityStopped = _ => Throw<bool>(kind == "end of a trace"),
        };
        ActivitySource.AddActivityListener(listener);
        _listeners.Add(listener);
    }

    // This exception is the one that a caller could take for its own cancellation.
    private T Throw<T>(bool isThrown = true)
    {
        if (!isThrown || !_isHere.Value)
        {
            return default!;
        }

        Interlocked.Increment(ref _thrown);
        throw new OperationCanceledException("The collector is away.");
    }
}
