using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>An authenticator that another system made. It owns a copy of the secret: a late call may outlive the caller's own.</summary>
internal sealed class ForeignAuthenticator(MfaSubject subject, SharedSecret secret, TotpParameters parameters, string? name) : IDisposable
{
    private const int MinimumSize = 10;

    // Created once per call: a failed compare-and-swap makes us decide again.
    private readonly Guid _id = RandomId.CreateGuid();
    private readonly Guid _stamp = RandomId.CreateGuid();
    private readonly SharedSecret _secret = SharedSecret.FromBytes(secret.Key, minimumSize: 1);
    private byte[]? _protected;

    /// <summary>Whether it may be imported: its secret and its codes are long enough.</summary>
    public bool IsFit(MfaOptions options) => _secret.Size >= MinimumSize && options.Accepts(parameters.Digits);

    /// <summary>Binds it to the user, who has no record or only an enrolment that was not finished.</summary>
    /// <param name="context">The parts that every operation uses.</param>
    /// <param name="record">The record; null if there is none.</param>
    /// <param name="lastUsed">The last time step that counts as used, relative to the current one.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    public async ValueTask<Decision<MfaChangeResult>> BindAsync(
        OperationContext context, MfaRecord? record, int lastUsed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _protected ??= await context.Secrets.ProtectAsync(subject, _id, parameters, _secret, cancellationToken).ConfigureAwait(false);
        var bound = new AuthenticatorRecord
        {
            Id = _id,
            Name = BeginEnrollment.CleanName(name),
            ProtectedSecret = _protected,
            Parameters = parameters,
            LastUsedStep = parameters.GetTimeStep(now) + lastUsed,
            CreatedAt = now,
            IsImported = true,
        };
        return Bind(record ?? MfaRecord.Create(subject, _stamp), bound, _secret.Size, now);
    }

    /// <summary>Whether the record has it already: the same secret and the same parameters, imported.</summary>
    public async ValueTask<bool> IsBoundToAsync(OperationContext context, MfaRecord record, CancellationToken cancellationToken)
    {
        foreach (var candidate in record.Authenticators.Where(a => a.IsImported && HasSameParameters(a)))
        {
            using var bound = await context.Secrets.OpenAsync(subject, candidate, cancellationToken).ConfigureAwait(false);
            if (FixedTime.AreEqual(bound.Key, _secret.Key))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _secret.Dispose();

    private bool HasSameParameters(AuthenticatorRecord a) =>
        AssociatedData.ForTotp(subject, a.Id, a.Parameters).Span.SequenceEqual(AssociatedData.ForTotp(subject, a.Id, parameters).Span);

    private static Decision<MfaChangeResult> Bind(MfaRecord record, AuthenticatorRecord bound, int size, DateTimeOffset now)
    {
        var imported = new MfaEvent
        {
            At = now,
            Kind = MfaEventKind.AuthenticatorImported,
            AuthenticatorId = bound.Id,
            Reason = size < SharedSecret.MinimumSize ? $"short secret: {size} bytes" : null,
        };
        return Decision.Save(
            new MfaChangeResult(MfaChangeOutcome.Succeeded) { AuthenticatorId = bound.Id },
            record with { Authenticators = [bound], PendingEnrollment = null, NoticeOwedSince = now },
            imported);
    }
}
