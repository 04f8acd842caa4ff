using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Execution;

/// <summary>
/// Issues and checks the receipts of one record, and its tokens of known devices and remembered browsers. They hold no secret, so they are
/// authenticated and not encrypted: each ends with an HMAC-SHA-256 under a random key, which only the record holds, encrypted. A disable or
/// a reset removes the key.
/// </summary>
/// <remarks>The key is decrypted at its first use, and wiped when this object is disposed.</remarks>
internal sealed class RecordTokens(ISecretProtector protector, MfaRecord record) : IDisposable
{
    private const int TagSize = HMACSHA256.HashSizeInBytes;

    // Enough for a subject of about 300 characters.
    private const int SizeOnStack = 512;

    private byte[]? _key;

    /// <summary>Lists the device in the record, and issues its token.</summary>
    /// <param name="changed">The record to save.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="now">The server's time.</param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    public async ValueTask<(MfaRecord Record, byte[] Token)> TrustDeviceAsync(
        MfaRecord changed, Guid deviceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        changed = await WithKeyAsync(changed, cancellationToken).ConfigureAwait(false);
        var content = new TokenBytes(0, 0, now, deviceId);
        var token = await SignAsync(content, AssociatedData.ForDevice(record.Subject), cancellationToken).ConfigureAwait(false);
        return (changed with { KnownDevices = changed.KnownDevicesWith(deviceId, now) }, token);
    }

    /// <summary>Adds a key to the record to save, if the record has none yet.</summary>
    public async ValueTask<MfaRecord> WithKeyAsync(MfaRecord changed, CancellationToken cancellationToken)
    {
        if (record.ProtectedTokenKey is not null)
        {
            return changed;
        }

        _key ??= CreateKey();
        return changed with
        {
            ProtectedTokenKey = await protector.ProtectAsync(_key, AssociatedData.ForTokenKey(record.Subject), cancellationToken)
                .ConfigureAwait(false),
        };
    }

    public async ValueTask<MfaReceipt> IssueReceiptAsync(StepUp stepUp, CancellationToken cancellationToken) => new(
        await SignAsync(stepUp.ToBytes(), AssociatedData.ForReceipt(record.Subject), cancellationToken).ConfigureAwait(false));

    /// <returns>The content of a receipt that was issued in this call.</returns>
    public static StepUp ContentOf(MfaReceipt issued) => StepUp.From(TokenBytes.Read(ContentOf(issued.Content))!.Value);

    /// <returns>The content of the receipt; null if it proves nothing, if this record did not issue it, or if the key is missing.</returns>
    public async ValueTask<StepUp?> ReadReceiptAsync(
        MfaReceipt receipt, MfaOptions options, DateTimeOffset now, CancellationToken cancellationToken) =>
        // Open the key only for a receipt that could prove something: opening it may be a call of a key service.
        TokenBytes.Read(ContentOf(receipt.Content)) is { } content && StepUp.From(content) is var stepUp
        && stepUp.Proves(record, options, now)
        && await IsAuthenticAsync(receipt.Content, AssociatedData.ForReceipt(record.Subject), cancellationToken).ConfigureAwait(false)
            ? stepUp
            : null;

    /// <returns>The known device; null if it is none, or if the key is missing.</returns>
    public async ValueTask<Guid?> FindKnownDeviceAsync(
        string? text, TimeSpan lifetime, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A device token has the text form of a receipt.
        if (!MfaReceipt.TryParse(text, out var parsed))
        {
            return null;
        }

        // As with a receipt, open the key only for a device that the record lists. The clocks of nodes differ, so a token may seem to come
        // from the near future.
        var token = parsed.Content;
        return TokenBytes.Read(ContentOf(token)) is { } content
            && (now - content.At).Duration() < lifetime && record.KnownDevices.Any(device => device.Id == content.Id)
            && await IsAuthenticAsync(token, AssociatedData.ForDevice(record.Subject), cancellationToken).ConfigureAwait(false)
                ? content.Id
                : null;
    }

    /// <returns>The token of a remembered browser.</returns>
    public ValueTask<byte[]> IssueAsync(RememberedBrowser remembered, CancellationToken cancellationToken) =>
        SignAsync(remembered.ToBytes(), PurposeOf(remembered), cancellationToken);

    /// <returns>The browser that the token remembers; null if there is none now, or if the key is missing.</returns>
    public async ValueTask<RememberedBrowser?> FindRememberedAsync(
        string? text, MfaOptions options, DateTimeOffset now, CancellationToken cancellationToken) =>
        MfaReceipt.TryParse(text, out var parsed) && TokenBytes.Read(ContentOf(parsed.Content)) is { } content
        && record.RememberedAt(options, now).FirstOrDefault(it => it.ToBytes() == content) is { } found
        && await IsAuthenticAsync(parsed.Content, PurposeOf(found), cancellationToken).ConfigureAwait(false)
            ? found
            : null;

    /// <summary>Decrypts the key, if this was not done yet.</summary>
    /// <exception cref="SecretProtectionException">The protector cannot decrypt it.</exception>
    public async ValueTask OpenKeyAsync(CancellationToken cancellationToken) => _key ??= await protector.UnprotectAsync(
        record.ProtectedTokenKey!, AssociatedData.ForTokenKey(record.Subject), cancellationToken).ConfigureAwait(false);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static byte[] CreateKey()
    {
        var key = PinnedBytes.Create(TagSize);
        RandomNumberGenerator.Fill(key);
        return key;
    }

    private static ReadOnlySpan<byte> ContentOf(byte[] token) => token.AsSpan(0, Math.Max(token.Length - TagSize, 0));

    private ReadOnlyMemory<byte> PurposeOf(RememberedBrowser remembered) =>
        AssociatedData.ForRememberedBrowser(record.Subject, remembered.BindingVersion, remembered.ExpiresAt);

    private async ValueTask<byte[]> SignAsync(TokenBytes content, ReadOnlyMemory<byte> purpose, CancellationToken cancellationToken)
    {
        await OpenKeyAsync(cancellationToken).ConfigureAwait(false);
        var bytes = content.Write();
        return [.. bytes, .. Authenticate(bytes, purpose.Span)];
    }

    private async ValueTask<bool> IsAuthenticAsync(byte[] token, ReadOnlyMemory<byte> purpose, CancellationToken cancellationToken)
    {
        if (record.ProtectedTokenKey is null)
        {
            return false;
        }

        try
        {
            await OpenKeyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SecretProtectionException)
        {
            // The caller refuses the receipt, or counts the device as unknown.
            return false;
        }

        return FixedTime.AreEqual(Authenticate(ContentOf(token), purpose.Span), token.AsSpan(^TagSize..));
    }

    private byte[] Authenticate(ReadOnlySpan<byte> content, ReadOnlySpan<byte> purpose)
    {
        var size = purpose.Length + RandomId.Size + content.Length;
        var data = size <= SizeOnStack ? stackalloc byte[size] : new byte[size];
        purpose.CopyTo(data);
        record.SecurityStamp.TryWriteBytes(data[purpose.Length..]);
        content.CopyTo(data[^content.Length..]);
        return HMACSHA256.HashData(_key!, data);
    }
}
