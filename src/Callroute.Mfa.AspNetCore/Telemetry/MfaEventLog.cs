using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Telemetry;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Logs every audit event and passes it to the application's listeners.</summary>
internal sealed class MfaEventLog(ILoggerFactory loggers, IEnumerable<IMfaEventListener> listeners)
{
    private readonly ILogger _logger = loggers.CreateLogger("Callroute.Mfa");

    [SuppressMessage("Design", "CA1031", Justification = "A listener's failure is logged, and the other listeners still get the event.")]
    public async ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened)
    {
        var level = LevelOf(happened.Kind);
        Log.Event(
            _logger, level, happened.Kind, subject.UserId, subject.Tenant, happened.Method, happened.AuthenticatorId, happened.Reason);
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

    /// <returns>A handler that calls this one and then the application's own.</returns>
    public Func<MfaSubject, MfaEvent, ValueTask> Before(Func<MfaSubject, MfaEvent, ValueTask>? next) => next is null
        ? OnEventAsync
        : async (subject, happened) =>
        {
            await OnEventAsync(subject, happened).ConfigureAwait(false);
            await next(subject, happened).ConfigureAwait(false);
        };

    private static LogLevel LevelOf(MfaEventKind kind) => kind switch
    {
        MfaEventKind.Replayed or MfaEventKind.ClockBehind or MfaEventKind.ThrottlingStarted or MfaEventKind.FactorLockedOut
            or MfaEventKind.AllowanceUsedUp or MfaEventKind.Unlocked or MfaEventKind.Disabled or MfaEventKind.Reset => LogLevel.Warning,
        _ => LogLevel.Information,
    };
}
