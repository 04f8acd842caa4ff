using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Telemetry;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Logs every audit event, and tells it to the application's listeners.</summary>
internal sealed class MfaEventLog(ILoggerFactory loggers, IEnumerable<IMfaEventListener> listeners)
{
    private readonly ILogger _logger = loggers.CreateLogger("Callroute.Mfa");

    [SuppressMessage("Design", "CA1031", Justification = "One listener's failure is logged and must not keep the event from the others.")]
    public async ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened)
    {
        var level = LevelOf(happened.Kind);
        Log.Event(_logger, level, happened.Kind, subject.UserId, subject.Tenant, happened.Method, happened.AuthenticatorId, happened.Reason);
        foreach (var listener in listeners)
        {
            try
            {
                await listener.OnEventAsync(subject, happened).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                var (name, error) = (listener.GetType().Name, exception.GetType().FullName);
                Log.ListenerFailed(_logger, name, happened.Kind, error);
            }
        }
    }

    private static LogLevel LevelOf(MfaEventKind kind) => kind switch
    {
        MfaEventKind.Replayed or MfaEventKind.ClockBehind or MfaEventKind.ThrottlingStarted or MfaEventKind.FactorLockedOut or MfaEventKind.Disabled or MfaEventKind.Reset => LogLevel.Warning,
        _ => LogLevel.Information,
    };
}
