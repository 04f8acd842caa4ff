using System.Buffers.Text;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Execution;

/// <summary>Protects and opens the secrets of authenticators, and the content of receipts and of device tokens.</summary>
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
        if (record.PendingEnrollment is not { } pending || !protector.NeedsReencryption(pending.ProtectedSecret))
        {
            return changed;
        }

        using var secret = await OpenAsync(record.Subject, pending, cancellationToken).ConfigureAwait(false);
        var encrypted = await ProtectAsync(
            record.Subject, pending.AuthenticatorId, pending.Parameters, secret, cancellationToken).ConfigureAwait(false);
        return changed with { PendingEnrollment = pending with { ProtectedSecret = encrypted } };
    }

    /// <summary>Re-encrypts the secrets of these authenticators if they use an older key.</summary>
    public async ValueTask<MfaRecord> EncryptAnewAsync(
        MfaRecord record, IReadOnlyList<AuthenticatorRecord> authenticators, CancellationToken cancellationToken)
    {
        foreach (var authenticator in authenticators)
        {
            if (protector.NeedsReencryption(authenticator.ProtectedSecret))
            {
                using var secret = await OpenAsync(record.Subject, authenticator, cancellationToken).ConfigureAwait(false);
                var encrypted = await ProtectAsync(
                    record.Subject, authenticator.Id, authenticator.Parameters, secret, cancellationToken).ConfigureAwait(false);
                record = record.WithProtectedSecret(authenticator.Id, encrypted);
            }
        }

        return record;
    }

    public async ValueTask<MfaReceipt> IssueReceiptAsync(MfaSubject subject, StepUp stepUp, CancellationToken cancellationToken) =>
        new(await protector.ProtectAsync(stepUp.ToBytes(), AssociatedData.ForReceipt(subject), cancellationToken).ConfigureAwait(false));

    /// <returns>The content of the receipt; null if it belongs to another subject, or if its key is missing.</returns>
    public async ValueTask<StepUp?> ReadReceiptAsync(MfaSubject subject, MfaReceipt receipt, CancellationToken cancellationToken)
    {
        var context = AssociatedData.ForReceipt(subject);
        return StepUp.FromBytes(await TryOpenAsync(receipt.ProtectedContent, context, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Lists the device in the record, and issues its token.</summary>
    public async ValueTask<(MfaRecord Record, byte[] Token)> TrustDeviceAsync(
        MfaRecord record, Guid deviceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var content = new DeviceToken(deviceId, record.SecurityStamp, now).ToBytes();
        var context = AssociatedData.ForDevice(record.Subject);
        var token = await protector.ProtectAsync(content, context, cancellationToken).ConfigureAwait(false);
        return (record with { KnownDevices = record.KnownDevicesWith(deviceId, now) }, token);
    }

    /// <returns>The content of the token; null if it is no token of this subject, or if its key is missing.</returns>
    public async ValueTask<DeviceToken?> ReadDeviceTokenAsync(MfaSubject subject, string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= MfaReceipt.MaximumLength } || !Base64Url.IsValid(token))
        {
            return null;
        }

        var context = AssociatedData.ForDevice(subject);
        return DeviceToken.FromBytes(
            await TryOpenAsync(Base64Url.DecodeFromChars(token), context, cancellationToken).ConfigureAwait(false));
    }

    // Receipts and device tokens are external input. For a forged one, or one of another user, return nothing: the caller refuses the
    // receipt, or counts the device as unknown.
    private async ValueTask<byte[]> TryOpenAsync(
        byte[] protectedContent, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        try
        {
            return await protector.UnprotectAsync(protectedContent, context, cancellationToken).ConfigureAwait(false);
        }
        catch (SecretProtectionException)
        {
            return [];
        }
    }

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
