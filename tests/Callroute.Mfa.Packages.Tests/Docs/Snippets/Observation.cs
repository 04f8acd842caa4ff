using Callroute.Mfa.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Observation
{
    public static void AddOpenTelemetry(WebApplicationBuilder builder)
    {
        // <open-telemetry>
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Callroute.Mfa"))
            .WithTracing(traces => traces.AddSource("Callroute.Mfa"));
        // </open-telemetry>
    }

    public static MfaOptions Options(Func<string, string, ValueTask> sendMailAsync)
    {
        // <on-event>
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            OnEvent = (subject, happened) => happened.Kind switch
            {
                MfaEventKind.AuthenticatorBound => sendMailAsync(subject.UserId, "An authenticator app was added to your account."),
                MfaEventKind.Disabled or MfaEventKind.Reset => sendMailAsync(subject.UserId, "MFA was switched off for your account."),
                _ => ValueTask.CompletedTask,
            },
        };
        // </on-event>
        return options;
    }
}
