using System.Security.Cryptography;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Recovery;

/// <summary>Creates sets of recovery codes and hashes codes, under a permit that the caller holds.</summary>
internal sealed class RecoveryCodeIssuer(IRecoveryCodeHasher hasher, RecoveryOptions options)
{
    private const int MaximumSettingsLength = 256;

    private readonly RecoveryHashGate _gate = RecoveryHashGate.For(options);

    /// <inheritdoc cref="RecoveryHashGate.TryTakeTurnAsync"/>
    public ValueTask<IDisposable?> TryTakeTurnAsync(MfaSubject subject) => _gate.TryTakeTurnAsync(subject);

    /// <summary>Waits for a place at the gate. The caller holds the turn of its subject.</summary>
    /// <returns>A permit, to be disposed; null if too many wait already, or if the wait took too long.</returns>
    public async ValueTask<RecoveryHashPermit?> TryEnterAsync() =>
        await _gate.TryEnterAsync().ConfigureAwait(false) ? new RecoveryHashPermit(hasher, _gate) : null;

    /// <summary>Creates a new set. If codes of the active set can be checked, hashes its codes a second time, as a pending set.</summary>
    /// <exception cref="NotSupportedException">The hasher does not support the settings of the active set.</exception>
    public async ValueTask<PreparedRecoveryCodes> PrepareAsync(RecoveryHashPermit permit, RecoveryCodeSet? active, DateTimeOffset now)
    {
        var codes = Enumerable.Range(0, options.Count).Select(_ => RecoveryCode.Generate()).ToArray();
        var set = await CreateSetAsync(permit, codes, now).ConfigureAwait(false);
        var prepared = new PreparedRecoveryCodes(codes, set) { Active = active };
        if (active is not { Tags.Count: > 0 } || !CanCheck(active))
        {
            return prepared;
        }

        var tags = await HashAllAsync(permit, codes, active.Settings, active.PepperKeyId).ConfigureAwait(false);
        return prepared with { Pending = new PendingRecoveryCodes { Set = set, TagsUnderActiveSettings = tags } };
    }

    /// <summary>Creates a set of codes that another system made. The user has them already.</summary>
    public async ValueTask<PreparedRecoveryCodes> ImportAsync(RecoveryHashPermit permit, RecoveryCode[] codes, DateTimeOffset now)
    {
        var set = await CreateSetAsync(permit, codes, now).ConfigureAwait(false);
        return new(codes, set with { IsAcknowledged = true, IsImported = true });
    }

    /// <summary>Whether the set was hashed as a new one would be: with the same cost and the same pepper.</summary>
    public bool IsCurrent(RecoveryCodeSet set) =>
        set.PepperKeyId == options.Peppers?.ActiveKeyId && IsSettingsLength(set.Settings.Length) && hasher.IsCurrent(set.Settings);

    /// <summary>Whether the pepper of the set is in the ring. Without it, no code of the set can be checked.</summary>
    public bool CanCheck(RecoveryCodeSet set) => set.PepperKeyId is null || options.Peppers?.Find(set.PepperKeyId) is not null;

    /// <exception cref="SecretProtectionException">The pepper of the set is not in the ring.</exception>
    public void RequirePepper(RecoveryCodeSet set)
    {
        if (!CanCheck(set))
        {
            throw new SecretProtectionException("The pepper that the recovery codes were hashed with is not in the ring.");
        }
    }

    /// <summary>Hashes a typed code as the codes of the set were hashed. <see cref="CanCheck"/> must be true.</summary>
    public ValueTask<byte[]> HashAsync(RecoveryHashPermit permit, byte[] canonicalCode, RecoveryCodeSet set) =>
        HashAsync(permit, canonicalCode, set.Settings, set.PepperKeyId);

    public static bool IsSettingsLength(int length) => length is >= 1 and <= MaximumSettingsLength;

    private async ValueTask<RecoveryCodeSet> CreateSetAsync(RecoveryHashPermit permit, RecoveryCode[] codes, DateTimeOffset now)
    {
        var settings = CreateSettings();
        var pepper = options.Peppers?.ActiveKeyId;
        return new RecoveryCodeSet
        {
            SetId = RandomId.CreateGuid(),
            CreatedAt = now,
            PepperKeyId = pepper,
            Settings = settings,
            Tags = await HashAllAsync(permit, codes, settings, pepper).ConfigureAwait(false),
        };
    }

    private string CreateSettings()
    {
        var settings = hasher.CreateSettings();
        return IsSettingsLength(settings.Length)
            ? settings
            : throw new InvalidOperationException(
                $"The hasher must return settings of 1–{MaximumSettingsLength} characters, returned {settings.Length}.");
    }

    private async ValueTask<IReadOnlyList<byte[]>> HashAllAsync(
        RecoveryHashPermit permit, RecoveryCode[] codes, string settings, string? pepperKeyId)
    {
        var tags = new byte[codes.Length][];
        for (var i = 0; i < tags.Length; i++)
        {
            var canonical = codes[i].ToCanonicalBytes();
            try
            {
                tags[i] = await HashAsync(permit, canonical, settings, pepperKeyId).ConfigureAwait(false);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(canonical);
            }
        }

        return tags;
    }

    private async ValueTask<byte[]> HashAsync(RecoveryHashPermit permit, byte[] canonicalCode, string settings, string? pepperKeyId)
    {
        var input = pepperKeyId is null ? PinnedBytes.Copy(canonicalCode) : options.Peppers!.Find(pepperKeyId)!.Hmac(canonicalCode);
        try
        {
            return await permit.HashAsync(input, settings).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }
}
