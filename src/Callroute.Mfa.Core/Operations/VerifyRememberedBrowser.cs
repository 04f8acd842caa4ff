using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Decides whether a remembered browser may sign in without a code. Whatever is unknown means that a code is asked for. The answer is
/// saved, so that a late read cannot let in a browser that was revoked.
/// </summary>
internal sealed class VerifyRememberedBrowser(OperationContext context, MfaSubject subject, string? token)
    : Operation<DateTimeOffset?>(context, subject)
{
    protected override async ValueTask<Decision<DateTimeOffset?>> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (Options.RememberBrowserLifetime is null || token is null)
        {
            return Decision.NoChange<DateTimeOffset?>(null);
        }

        using var span = MfaSpan.Start("mfa.remembered_browser");
        try
        {
            var decision = await Context.Records.RunAsync<DateTimeOffset?>(Subject, _ => null, DecideAsync, cancellationToken)
                .ConfigureAwait(false);
            span.SetOutcome(decision.Result is null ? "Refused" : "Accepted");
            return decision;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            span.Fail(exception);
            return Decision.NoChange<DateTimeOffset?>(null);
        }
    }

    protected override DateTimeOffset? RefuseLate(TimeoutException exception) => null;

    private async ValueTask<Decision<DateTimeOffset?>> DecideAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A thief with the token of a known device may have locked out the known devices. Then the user needs a code, or another way.
        if (record is not { IsEnabled: true } || record.IsLockedOut(MfaMethod.Totp, DeviceGroup.Known, Options, now))
        {
            return Decision.NoChange<DateTimeOffset?>(null);
        }

        using var tokens = Context.Secrets.TokensOf(record);
        return await tokens.FindRememberedAsync(token, Options, now, cancellationToken).ConfigureAwait(false) is { } found
            ? Decision.SaveKeepingAnswer<DateTimeOffset?>(
                found.VerifiedAt, record, new MfaEvent { At = now, Kind = MfaEventKind.RememberedBrowserAccepted })
            : Decision.NoChange<DateTimeOffset?>(null);
    }
}
