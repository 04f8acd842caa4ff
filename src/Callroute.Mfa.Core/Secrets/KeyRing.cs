using System.Diagnostics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>Holds symmetric keys by id: the active one encrypts, the others only decrypt.</summary>
/// <remarks>
/// Thread-safe. The keys do not change until the ring is disposed. One ring encrypts secrets, another one can hold the peppers of recovery
/// codes; do not use the same keys for both. To rotate keys that encrypt, give every node a ring with a new active key and the old key, and
/// call <c>MfaService.RotateKeysAsync</c> until no result has a failure. Then remove the old key. A pepper cannot be rotated so.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class KeyRing : IDisposable
{
    internal const int MaximumIdLength = 64;

    private const int KeySize = 32;

    private readonly Dictionary<string, RingKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Creates a ring and copies the keys into pinned memory. The arrays of the caller stay as they are: wipe them.</summary>
    /// <param name="activeKeyId">The id of the key that encrypts; one of <paramref name="keys"/>.</param>
    /// <param name="keys">
    /// Keys of 32 random bytes (<see cref="RandomNumberGenerator.GetBytes(int)"/>) by id. An id has 1–64 characters of
    /// <c>A–Z a–z 0–9 . _ -</c>.
    /// </param>
    /// <exception cref="ArgumentException">An id or a key has the wrong form, or the active key is not among the keys.</exception>
    public KeyRing(string activeKeyId, IReadOnlyDictionary<string, byte[]> keys)
    {
        try
        {
            CopyAll(keys);
            ActiveKeyId = _keys.ContainsKey(Guard.NotNull(activeKeyId))
                ? activeKeyId
                : throw new ArgumentException($"{nameof(activeKeyId)} must be the id of one of the keys.", nameof(activeKeyId));
        }
        catch
        {
            // Nobody can dispose a ring that was not made.
            Dispose();
            throw;
        }
    }

    internal string ActiveKeyId { get; }

    internal RingKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>
    /// Zeroes the ring's own copies of the keys, as soon as the uses that run already have finished under them. To encrypt, to decrypt or
    /// to use a pepper afterwards throws <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    /// <summary>Returns the type and the number of keys, never their content.</summary>
    /// <returns>For example <c>KeyRing (2 keys)</c>.</returns>
    public override string ToString() => $"{nameof(KeyRing)} ({_keys.Count} keys)";

    private void CopyAll(IReadOnlyDictionary<string, byte[]> keys)
    {
        foreach (var (id, key) in Guard.NotNull(keys))
        {
            Guard.Length(id.Length, 1, MaximumIdLength, "characters", nameof(keys));
            Guard.Length(Guard.NotNull(key).Length, KeySize, KeySize, "bytes", nameof(keys));
            if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            {
                throw new ArgumentException("The ids of keys must consist of A–Z, a–z, 0–9, '.', '_' and '-'.", nameof(keys));
            }

            _keys.Add(id, new RingKey(PinnedBytes.Copy(key)));
        }
    }
}
