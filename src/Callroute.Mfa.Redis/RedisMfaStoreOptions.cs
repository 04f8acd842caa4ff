using System.Buffers;
using System.Globalization;

namespace Callroute.Mfa.Redis;

/// <summary>Holds the settings of a <see cref="RedisMfaStore"/>.</summary>
/// <remarks>Immutable and thread-safe; every property is checked where it is set.</remarks>
public sealed class RedisMfaStoreOptions
{
    private const int MaximumPrefixLength = 100;
    private const int MaximumReplicas = 100;

    private static readonly SearchValues<char> PrefixCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-/");

    private static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaximumTimeout = TimeSpan.FromMinutes(1);

    /// <summary>What every key begins with. A hash tag that names the subject follows.</summary>
    /// <value>1–100 ASCII letters, digits, or <c>: . _ - /</c>; the default is <c>callroute:mfa:</c>. Braces would move the hash tag, and are refused.</value>
    /// <exception cref="ArgumentException">The value has the wrong form.</exception>
    public string KeyPrefix
    {
        get;
        init => field = value is { Length: > 0 and <= MaximumPrefixLength } && !value.AsSpan().ContainsAnyExcept(PrefixCharacters)
            ? value
            : throw new ArgumentException($"Must be 1–{MaximumPrefixLength} ASCII letters, digits, or : . _ - /", nameof(KeyPrefix));
    } = "callroute:mfa:";

    /// <summary>Whether a write is told only after the server has confirmed that it is durable.</summary>
    /// <value>
    /// The default is false: <em>not durable</em>. Then a crash of the server may lose what it was told to keep, and a failover
    /// may lose acknowledged writes, after which a used code can be accepted again and a used recovery code live again.
    /// With true, a server whose settings cannot keep the promise is refused: see <see cref="RedisMfaStore"/>.
    /// </value>
    public bool RequireDurable { get; init; }

    /// <summary>How many replicas must confirm a write, where <see cref="RequireDurable"/> is set.</summary>
    /// <value>
    /// 0–100; the default is 1. A failover keeps every confirmed write only where no replica is promoted but one that confirmed:
    /// give the number of all replicas of a primary to be sure. With 0 only the primary's own disk confirms.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–100.</exception>
    public int DurableReplicas
    {
        get;
        init => field = value is >= 0 and <= MaximumReplicas
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DurableReplicas), value, $"Must be 0–{MaximumReplicas}.");
    } = 1;

    /// <summary>How long the server waits for confirmations, where <see cref="RequireDurable"/> is set.</summary>
    /// <value>1 ms–1 min; the default is 1 s. Keep it below the connection's own time-out, which is 5 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 ms–1 min.</exception>
    public TimeSpan DurabilityTimeout
    {
        get;
        init => field = value >= MinimumTimeout && value <= MaximumTimeout
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DurabilityTimeout), value, string.Create(CultureInfo.InvariantCulture, $"Must be {MinimumTimeout}–{MaximumTimeout}."));
    } = TimeSpan.FromSeconds(1);
}
