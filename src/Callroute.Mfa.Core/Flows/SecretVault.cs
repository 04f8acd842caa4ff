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

    public async ValueTask<IReadOnlyList<OpenedAuthenticator>> OpenAsync(MfaSubject subject, IEnumerable<AuthenticatorRecord> authenticators, CancellationToken cancellationToken)
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

    /// <summary>Encrypts what is under an older key anew. Returns the same instance where nothing is.</summary>
    public async ValueTask<MfaRecord> ReprotectAsync(MfaRecord record, CancellationToken cancellationToken)
    {
        var changed = record;
        foreach (var old in record.Authenticators.Where(a => protector.NeedsReprotection(a.ProtectedSecret)))
        {
            var renewed = await ReprotectAsync(record.Subject, old.Id, old.Parameters, old.ProtectedSecret, cancellationToken).ConfigureAwait(false);
            changed = changed with { Authenticators = [.. changed.Authenticators.Select(a => a.Id == old.Id ? a with { ProtectedSecret = renewed } : a)] };
        }

        if (record.PendingEnrollment is { } pending && protector.NeedsReprotection(pending.ProtectedSecret))
        {
            var renewed = await ReprotectAsync(record.Subject, pending.AuthenticatorId, pending.Parameters, pending.ProtectedSecret, cancellationToken).ConfigureAwait(false);
            changed = changed with { PendingEnrollment = pending with { ProtectedSecret = renewed } };
        }

        return changed;
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

    private async ValueTask<byte[]> ReprotectAsync(MfaSubject subject, Guid authenticatorId, TotpParameters parameters, byte[] protectedSecret, CancellationToken cancellationToken)
    {
        using var secret = await OpenAsync(subject, authenticatorId, parameters, protectedSecret, cancellationToken).ConfigureAwait(false);
        return await ProtectAsync(subject, authenticatorId, parameters, secret, cancellationToken).ConfigureAwait(false);
    }
}
