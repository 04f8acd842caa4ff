using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Flows;

/// <summary>Moves secrets and receipts between their clear and their protected form.</summary>
internal sealed class SecretVault(ISecretProtector protector)
{
    public async ValueTask<byte[]> ProtectAsync(MfaSubject subject, Guid authenticatorId, TotpParameters parameters, SharedSecret secret, CancellationToken cancellationToken)
    {
        var key = secret.Key.ToArray();
        try
        {
            return await protector.ProtectAsync(key, SecretContext.ForTotp(subject, authenticatorId, parameters), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public async ValueTask<SharedSecret> OpenAsync(MfaSubject subject, Guid authenticatorId, TotpParameters parameters, byte[] protectedSecret, CancellationToken cancellationToken)
    {
        var key = await protector.UnprotectAsync(protectedSecret, SecretContext.ForTotp(subject, authenticatorId, parameters), cancellationToken).ConfigureAwait(false);
        try
        {
            return SharedSecret.FromBytes(key, minimumSize: 1);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public async ValueTask<List<OpenedAuthenticator>> OpenAsync(MfaSubject subject, IEnumerable<AuthenticatorRecord> authenticators, CancellationToken cancellationToken)
    {
        List<OpenedAuthenticator> opened = [];
        try
        {
            foreach (var authenticator in authenticators)
            {
                var secret = await OpenAsync(subject, authenticator.Id, authenticator.Parameters, authenticator.ProtectedSecret, cancellationToken).ConfigureAwait(false);
                opened.Add(new OpenedAuthenticator(authenticator, secret));
            }
        }
        catch
        {
            opened.ForEach(o => o.Dispose());
            throw;
        }

        return opened;
    }

    /// <summary>Encrypts anew what is under an older key. Returns the same instance where nothing is.</summary>
    public async ValueTask<MfaRecord> ReprotectAsync(MfaRecord record, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(record.Subject, record.Authenticators.Where(a => protector.NeedsReencryption(a.ProtectedSecret)), cancellationToken).ConfigureAwait(false);
        try
        {
            var changed = await ReprotectAsync(record, opened, cancellationToken).ConfigureAwait(false);
            return await ReprotectPendingAsync(changed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var authenticator in opened)
            {
                authenticator.Dispose();
            }
        }
    }

    /// <summary>Encrypts anew those of the opened authenticators that are under an older key.</summary>
    public async ValueTask<MfaRecord> ReprotectAsync(MfaRecord record, List<OpenedAuthenticator> opened, CancellationToken cancellationToken)
    {
        foreach (var authenticator in opened)
        {
            var old = authenticator.Authenticator;
            if (!protector.NeedsReencryption(old.ProtectedSecret))
            {
                continue;
            }

            var renewed = await ProtectAsync(record.Subject, old.Id, old.Parameters, authenticator.Secret, cancellationToken).ConfigureAwait(false);
            record = record with { Authenticators = [.. record.Authenticators.Select(a => a.Id == old.Id ? a with { ProtectedSecret = renewed } : a)] };
        }

        return record;
    }

    public async ValueTask<MfaReceipt> MintAsync(MfaSubject subject, StepUp stepUp, CancellationToken cancellationToken) =>
        new(await protector.ProtectAsync(stepUp.ToBytes(), SecretContext.ForReceipt(subject), cancellationToken).ConfigureAwait(false));

    /// <returns>What the receipt says; null where it is not one of the subject's, or its key is gone.</returns>
    public async ValueTask<StepUp?> ReadAsync(MfaSubject subject, MfaReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            return StepUp.FromBytes(await protector.UnprotectAsync(receipt.ProtectedContent, SecretContext.ForReceipt(subject), cancellationToken).ConfigureAwait(false));
        }
        catch (SecretProtectionException)
        {
            // A receipt is input: a forged or foreign one is a refusal like any other.
            return null;
        }
    }

    private async ValueTask<MfaRecord> ReprotectPendingAsync(MfaRecord record, CancellationToken cancellationToken)
    {
        if (record.PendingEnrollment is not { } pending || !protector.NeedsReencryption(pending.ProtectedSecret))
        {
            return record;
        }

        using var secret = await OpenAsync(record.Subject, pending.AuthenticatorId, pending.Parameters, pending.ProtectedSecret, cancellationToken).ConfigureAwait(false);
        var renewed = await ProtectAsync(record.Subject, pending.AuthenticatorId, pending.Parameters, secret, cancellationToken).ConfigureAwait(false);
        return record with { PendingEnrollment = pending with { ProtectedSecret = renewed } };
    }
}
