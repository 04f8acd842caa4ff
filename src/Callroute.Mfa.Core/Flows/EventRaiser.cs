using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Flows;

/// <summary>Tells the meter and the application what has become durable.</summary>
internal sealed class EventRaiser(Func<MfaSubject, MfaEvent, ValueTask>? handler)
{
    public async ValueTask RaiseAsync(MfaSubject subject, IReadOnlyList<MfaEvent> events)
    {
        foreach (var happened in events)
        {
            MfaTelemetry.CountEvent(happened);
            if (handler is not null)
            {
                await NotifyAsync(handler, subject, happened).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask NotifyAsync(Func<MfaSubject, MfaEvent, ValueTask> handler, MfaSubject subject, MfaEvent happened)
    {
        try
        {
            await handler(subject, happened).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What happened is durable: failing now would lose the answer, and with it new recovery codes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            MfaTelemetry.CountHandlerFailure(exception);
        }
    }
}
