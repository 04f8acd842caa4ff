using System.Security.Cryptography;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Recovery;

/// <summary>Makes sets of recovery codes and hashes codes, under a permit that the caller holds.</summary>
internal sealed class RecoveryCodeIssuer(IRecoveryCodeHasher hasher, RecoveryOptions options)
{
    private const int SaltSize = 16;

    public async ValueTask<PreparedRecoveryCodes> PrepareAsync(IRecoveryHashPermit permit, DateTimeOffset now)
    {
        var codes = Enumerable.Range(0, options.Count).Select(_ => RecoveryCode.Generate()).ToArray();
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var pepper = options.Peppers?.ActiveKeyId;
        var set = new RecoveryCodeSet
        {
            Generation = RandomId.CreateGuid(),
            CreatedAt = now,
            PepperKeyId = pepper,
            Hashes = await HashAllAsync(permit, codes, salt, hasher.Parameters, pepper).ConfigureAwait(false),
        };
        return new PreparedRecoveryCodes(codes, set);
    }

    /// <summary>Hashes the codes of a new set once more, with the setting of the set that is active.</summary>
    public async ValueTask<PendingRecoveryCodes> PrepareInterimAsync(IRecoveryHashPermit permit, PreparedRecoveryCodes prepared, RecoveryCodeSet active)
    {
        var setting = PhcString.Parse(active.Hashes[0]);
        var hashes = await HashAllAsync(permit, prepared.Codes, setting.Salt, setting.Parameters, active.PepperKeyId).ConfigureAwait(false);
        return new PendingRecoveryCodes { Set = prepared.Set, InterimHashes = hashes };
    }

    /// <summary>Whether codes of the set can still be checked: its pepper is in the ring.</summary>
    public bool CanCheck(RecoveryCodeSet set) => set.PepperKeyId is null || options.Peppers?.Find(set.PepperKeyId) is not null;

    /// <summary>What goes into the hash, as a new array: the canonical code, or its HMAC under the pepper.</summary>
    /// <exception cref="SecretProtectionException">The pepper of the set is not in the ring.</exception>
    public byte[] Pepper(byte[] canonicalCode, string? keyId)
    {
        if (keyId is null)
        {
            return [.. canonicalCode];
        }

        var key = options.Peppers?.Find(keyId) ?? throw new SecretProtectionException("The pepper that the recovery codes were hashed with is not in the ring.");
        return HMACSHA256.HashData(key.Bytes, canonicalCode);
    }

    private async ValueTask<IReadOnlyList<string>> HashAllAsync(IRecoveryHashPermit permit, IReadOnlyList<RecoveryCode> codes, ReadOnlyMemory<byte> salt, Argon2Parameters parameters, string? pepperKeyId)
    {
        var hashes = new string[codes.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            var tag = await HashOneAsync(permit, codes[i], salt, parameters, pepperKeyId).ConfigureAwait(false);
            hashes[i] = new PhcString(parameters, salt.Span, tag).ToString();
        }

        return hashes;
    }

    private async ValueTask<byte[]> HashOneAsync(IRecoveryHashPermit permit, RecoveryCode code, ReadOnlyMemory<byte> salt, Argon2Parameters parameters, string? pepperKeyId)
    {
        var canonical = code.ToCanonicalBytes();
        var input = Pepper(canonical, pepperKeyId);
        try
        {
            return await permit.HashAsync(input, salt, parameters).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(canonical);
            CryptographicOperations.ZeroMemory(input);
        }
    }
}
