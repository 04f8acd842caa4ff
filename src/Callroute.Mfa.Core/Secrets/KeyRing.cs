using System.Diagnostics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>Holds symmetric keys by id: one active, which protects, and older ones, which only open.</summary>
/// <remarks>
/// Immutable and thread-safe. Used for the encryption of secrets and for the pepper of recovery codes; give each its own
/// keys. To rotate, make a ring with a new active key that keeps the old one, finish with
/// <c>MfaService.RotateKeysAsync</c>, then drop the old key. <see cref="Dispose"/> zeroes the keys.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class KeyRing : IDisposable
{
    /// <summary>The size of a key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>The greatest length of a key id, in characters.</summary>
    public const int MaximumIdLength = 64;

    private readonly Dictionary<string, RingKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Makes a ring, copying the keys.</summary>
    /// <param name="activeKeyId">The id of the key that protects; one of <paramref name="keys"/>.</param>
    /// <param name="keys">Ids of 1–64 characters out of <c>A–Z a–z 0–9 . _ -</c>, with keys of 32 random bytes (<see cref="RandomNumberGenerator.GetBytes(int)"/>).</param>
    /// <exception cref="ArgumentException">An id or a key has the wrong form, an id stands twice, or the active key is not among them.</exception>
    public KeyRing(string activeKeyId, IReadOnlyDictionary<string, byte[]> keys)
    {
        foreach (var (id, key) in Guard.NotNull(keys))
        {
            Guard.Length(id.Length, 1, MaximumIdLength, "characters", nameof(keys));
            Guard.Length(Guard.NotNull(key).Length, KeySize, KeySize, "bytes", nameof(keys));
            if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            {
                throw new ArgumentException("A key id is made of A–Z, a–z, 0–9, '.', '_' and '-'.", nameof(keys));
            }

            _keys.Add(id, new RingKey(key.ToArray()));
        }

        ActiveKeyId = _keys.ContainsKey(Guard.NotNull(activeKeyId))
            ? activeKeyId
            : throw new ArgumentException("Must be the id of one of the keys.", nameof(activeKeyId));
    }

    /// <summary>The id of the key that protects.</summary>
    public string ActiveKeyId { get; }

    internal RingKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>Zeroes the keys. The ring must not be used after.</summary>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        // Without keys every later use fails, instead of working with a key of zeros.
        _keys.Clear();
    }

    /// <summary>Tells the number of keys, never their content.</summary>
    /// <returns>For example <c>KeyRing (2 keys)</c>.</returns>
    public override string ToString() => $"{nameof(KeyRing)} ({_keys.Count} keys)";
}
