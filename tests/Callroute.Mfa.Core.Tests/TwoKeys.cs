using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests;

/// <summary>An older key and the key that replaces it, as different servers have them during a rotation.</summary>
internal sealed class TwoKeys
{
    private readonly Dictionary<string, byte[]> _keys = new()
    {
        ["old"] = [.. Enumerable.Repeat((byte)1, 32)],
        ["new"] = [.. Enumerable.Repeat((byte)2, 32)],
    };

    public ISecretProtector OnlyOld => Protector("old", "old");

    public ISecretProtector OnlyNew => Protector("new", "new");

    /// <summary>The new key is the active one.</summary>
    public ISecretProtector Both => Protector("new", "old", "new");

    /// <summary>A server that the rotation has not reached.</summary>
    public ISecretProtector BothWithOldActive => Protector("old", "old", "new");

    private AesGcmSecretProtector Protector(string active, params string[] ids) =>
        new(new KeyRing(active, _keys.Where(key => ids.Contains(key.Key)).ToDictionary()));
}
