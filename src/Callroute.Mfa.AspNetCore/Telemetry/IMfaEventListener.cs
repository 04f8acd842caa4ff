using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Receives every audit event after it is durable, unless the process dies in between, for example to notify users. You can register
/// several listeners:
/// <c>services.AddSingleton&lt;IMfaEventListener, …&gt;()</c>.
/// </summary>
public interface IMfaEventListener
{
    /// <summary>
    /// Handles an event. It is awaited, so it should be quick. An exception does not change the answer; its type is logged.
    /// </summary>
    /// <param name="subject">The subject of the event.</param>
    /// <param name="happened">The event.</param>
    /// <returns>A task that completes when the event is handled.</returns>
    ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened);
}
