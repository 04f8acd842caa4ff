using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Execution;

/// <summary>Encrypts and decrypts the secrets of a record: of authenticators and of a repeatable answer.</summary>
internal sealed class SecretProtection(ISecretProtector protector)
{
    /// <remarks>The protector reads the secret's own bytes: dispose the secret only after the task has ended.</remarks>
    public ValueTask<byte[]> ProtectAsync(
        MfaSubject subject, Guid authenticatorId, TotpParameters parameters, SharedSecret secret, CancellationToken cancellationToken) =>
        protector.ProtectAsync(secret.Memory, AssociatedData.ForTotp(subject, authenticatorId, parameters), cancellationToken);

    public ValueTask<SharedSecret> OpenAsync(MfaSubject subject, AuthenticatorRecord authenticator, CancellationToken cancellationToken) =>
        OpenAsync(subject, authenticator.Id, authenticator.Parameters, authenticator.ProtectedSecret, cancellationToken);

    public ValueTask<SharedSecret> OpenAsync(MfaSubject subject, PendingEnrollment pending, CancellationToken cancellationToken) =>
        OpenAsync(subject, pending.AuthenticatorId, pending.Parameters, pending.ProtectedSecret, cancellationToken);

    /// <summary>Re-encrypts every secret of the record that uses an older key. Returns the same instance if no secret does.</summary>
    public async ValueTask<MfaRecord> EncryptAnewAsync(MfaRecord record, CancellationToken cancellationToken)
    {
        var changed = await EncryptAnewAsync(record, record.Authenticators, cancellationToken).ConfigureAwait(false);
        if (record.PendingEnrollment is { } pending && protector.NeedsReencryption(pending.ProtectedSecret))
        {
            var context = AssociatedData.ForTotp(record.Subject, pending.AuthenticatorId, pending.Parameters);
            var secret = await EncryptAnewAsync(pending.ProtectedSecret, context, cancellationToken).ConfigureAwait(false);
            changed = changed with { PendingEnrollment = pending with { ProtectedSecret = secret } };
        }

        if (record.RepeatableAnswer is { Envelope.Length: > 0 } answer && protector.NeedsReencryption(answer.Envelope))
        {
            var envelope = await EncryptAnewAsync(answer.Envelope, AssociatedData.ForAnswer(record.Subject), cancellationToken)
                .ConfigureAwait(false);
            changed = changed with { RepeatableAnswer = answer with { Envelope = envelope } };
        }

        return changed;
    }

    /// <summary>Re-encrypts the secrets of these authenticators, and the key of the tokens, if they use an older key.</summary>
    public async ValueTask<MfaRecord> EncryptAnewAsync(
        MfaRecord record, IReadOnlyList<AuthenticatorRecord> authenticators, CancellationToken cancellationToken)
    {
        foreach (var authenticator in authenticators)
        {
            if (protector.NeedsReencryption(authenticator.ProtectedSecret))
            {
                var context = AssociatedData.ForTotp(record.Subject, authenticator.Id, authenticator.Parameters);
                var secret = await EncryptAnewAsync(authenticator.ProtectedSecret, context, cancellationToken).ConfigureAwait(false);
                record = record.WithProtectedSecret(authenticator.Id, secret);
            }
        }

        if (record.ProtectedTokenKey is { } key && protector.NeedsReencryption(key))
        {
            var context = AssociatedData.ForTokenKey(record.Subject);
            record = record with { ProtectedTokenKey = await EncryptAnewAsync(key, context, cancellationToken).ConfigureAwait(false) };
        }

        return record;
    }

    private async ValueTask<byte[]> EncryptAnewAsync(
        byte[] protectedData, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        var data = await protector.UnprotectAsync(protectedData, context, cancellationToken).ConfigureAwait(false);
        try
        {
            return await protector.ProtectAsync(data, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    public RecordTokens TokensOf(MfaRecord record) => new(protector, record);

    /// <summary>Encrypts an answer, in addition to the key that it is sealed with.</summary>
    public async ValueTask<RepeatableAnswer> ProtectAsync(
        MfaSubject subject, RepeatableAnswer answer, CancellationToken cancellationToken) =>
        answer with
        {
            Envelope = await protector.ProtectAsync(answer.Envelope, AssociatedData.ForAnswer(subject), cancellationToken)
                .ConfigureAwait(false),
        };

    public async ValueTask<RepeatableAnswer> OpenAsync(MfaSubject subject, RepeatableAnswer answer, CancellationToken cancellationToken) =>
        answer with
        {
            Envelope = await protector.UnprotectAsync(answer.Envelope, AssociatedData.ForAnswer(subject), cancellationToken)
                .ConfigureAwait(false),
        };

    private async ValueTask<SharedSecret> OpenAsync(
        MfaSubject subject, Guid authenticatorId, TotpParameters parameters, byte[] protectedSecret, CancellationToken cancellationToken)
    {
        var context = AssociatedData.ForTotp(subject, authenticatorId, parameters);
        var key = await protector.UnprotectAsync(protectedSecret, context, cancellationToken).ConfigureAwait(false);
        try
        {
            return SharedSecret.FromBytes(key, minimumSize: 1);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
