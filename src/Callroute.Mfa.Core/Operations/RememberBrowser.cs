using System.Buffers.Text;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Remembers a known device on which a code of an app has just been accepted, so that the next sign-ins there need no code. A recovery code
/// is not enough: after a recovery, the user changes the phone, and that ends everything that is remembered.
/// </summary>
internal sealed class RememberBrowser(OperationContext context, MfaSubject subject, MfaReceipt receipt, string? knownDevice)
    : Operation<string?>(context, subject)
{
    private readonly MfaReceipt _receipt = Guard.NotNull(receipt);

    protected override async ValueTask<Decision<string?>> ExecuteAsync(CancellationToken cancellationToken) =>
        Options.RememberBrowserLifetime is { } lifetime
            ? await Context.Records.RunAsync<string?>(
                Subject, _ => null, (record, now, token) => DecideAsync(record, lifetime, now, token), cancellationToken)
                .ConfigureAwait(false)
            : Decision.NoChange<string?>(null);

    protected override string? RefuseLate(TimeoutException exception) => null;

    private async ValueTask<Decision<string?>> DecideAsync(
        MfaRecord? record, TimeSpan lifetime, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            return Decision.NoChange<string?>(null);
        }

        // The save removes what is unproved, and that changes the version.
        record = record.WithoutUnproved();
        using var tokens = Context.Secrets.TokensOf(record);
        var stepUp = await tokens.ReadReceiptAsync(_receipt, Options, now, cancellationToken).ConfigureAwait(false);
        var device = await tokens.FindKnownDeviceAsync(knownDevice, Options.KnownDeviceLifetime, now, cancellationToken)
            .ConfigureAwait(false);
        if (stepUp is not { Method: MfaMethod.Totp } || device is not { } id)
        {
            return Decision.NoChange<string?>(null);
        }

        var remembered = new RememberedBrowser
        {
            DeviceId = id,
            VerifiedAt = stepUp.VerifiedAt,
            ExpiresAt = stepUp.VerifiedAt + lifetime,
            BindingVersion = record.BindingVersion,
        };
        var token = await tokens.IssueAsync(remembered, cancellationToken).ConfigureAwait(false);
        if (record.RememberedAt(Options, now).Any(it => it.ToBytes() == remembered.ToBytes() && it.ExpiresAt == remembered.ExpiresAt))
        {
            // The same code again, whose response was lost. Another event for it would push the history out.
            return Decision.NoChange<string?>(Base64Url.EncodeToString(token));
        }

        return Decision.SaveKeepingAnswer<string?>(
            Base64Url.EncodeToString(token),
            record.Remember(remembered, Options, now),
            new MfaEvent { At = now, Kind = MfaEventKind.BrowserRemembered });
    }
}
