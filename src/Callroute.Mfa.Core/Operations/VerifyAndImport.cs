using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Verifies a code of an app. If nothing is or ever was bound, it first binds the authenticator of another system in memory. The use of the
/// code, or the failure, then writes both at once; input that is no code of it writes nothing.
/// </summary>
internal sealed class VerifyAndImport(
    OperationContext context, MfaSubject subject, VerifyTotp verify, SharedSecret secret, TotpParameters parameters, string? name)
    : Operation<VerificationResult>(context, subject)
{
    protected override async ValueTask<Decision<VerificationResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        using var authenticator = new ForeignAuthenticator(Subject, secret, parameters, name);
        return await Context.Records.RunAsync(
            Subject,
            VerificationResult.NotWritten,
            (record, now, token) => record is { WasEverBound: true }
                ? verify.DecideAsync(record, now, token)
                : ImportAsync(record, authenticator, now, token),
            cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask AfterEventsAsync(MfaRecord? saved) => Context.Notice.TellIfOwedAsync(saved, Context.Now);

    private async ValueTask<Decision<VerificationResult>> ImportAsync(
        MfaRecord? record, ForeignAuthenticator authenticator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!authenticator.IsFit(Options))
        {
            throw new NotSupportedException("The authenticator's secret or its codes are too short to be imported.");
        }

        // The codes that are on screens now still work, so that the user can sign in with one.
        var lastUsed = -Options.PastSteps - 1;
        var bound = await authenticator.BindAsync(Context, record, lastUsed, now, cancellationToken).ConfigureAwait(false);
        var decision = await verify.DecideAsync(bound.Record, now, cancellationToken).ConfigureAwait(false);
        return decision.Record is null ? decision : decision with { Events = [.. bound.Events, .. decision.Events] };
    }
}
