using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>Counts events that are durable and passes them to the application's handler.</summary>
internal sealed class EventDispatcher(Func<MfaSubject, MfaEvent, ValueTask>? handler)
{
    public async ValueTask DispatchAsync(MfaSubject subject, IReadOnlyList<MfaEvent> events)
    {
        foreach (var happened in events)
        {
            MfaTelemetry.CountEvent(happened);
            if (handler is not null)
            {
                await HandleAsync(handler, subject, happened).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask HandleAsync(
        Func<MfaSubject, MfaEvent, ValueTask> handler, MfaSubject subject, MfaEvent happened)
    {
        try
        {
            await handler(subject, happened).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The event is durable. Throwing now would lose the answer, and with it new recovery codes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            MfaTelemetry.CountHandlerFailure(exception);
        }
    }
}
