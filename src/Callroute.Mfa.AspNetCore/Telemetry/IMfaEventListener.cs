using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Gets every audit event once it is durable, to notify users. Register any number:
/// <c>services.AddSingleton&lt;IMfaEventListener, …&gt;()</c>.
/// </summary>
public interface IMfaEventListener
{
    /// <summary>Handles an event. It is awaited, so it should be quick. An exception changes no answer and is logged by type.</summary>
    /// <param name="subject">Whose event it is.</param>
    /// <param name="happened">The event.</param>
    /// <returns>When it is handled.</returns>
    ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened);
}
