using System.Buffers;

namespace Callroute.Mfa.Redis;

/// <summary>The settings of a <see cref="RedisMfaStore"/>.</summary>
/// <remarks>Immutable and thread-safe. Every property validates its value.</remarks>
public sealed class RedisMfaStoreOptions
{
    private const int MaximumPrefixLength = 100;
    private const int MaximumReplicas = 100;

    private static readonly SearchValues<char> PrefixCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-/");

    private static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaximumTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The prefix of every key. A hash tag that names the subject follows it.</summary>
    /// <value>
    /// 1–100 ASCII letters, digits, or <c>: . _ - /</c>; the default is <c>callroute:mfa:</c>. Braces are not allowed, because they would
    /// change the hash tag.
    /// </value>
    /// <exception cref="ArgumentException">The value is null, empty or too long, or contains another character.</exception>
    public string KeyPrefix
    {
        get;
        init => field = value is { Length: > 0 and <= MaximumPrefixLength } && !value.AsSpan().ContainsAnyExcept(PrefixCharacters)
            ? value
            : throw new ArgumentException(
                $"{nameof(RedisMfaStoreOptions)}.{nameof(KeyPrefix)} must be 1–{MaximumPrefixLength} ASCII letters, digits,"
                + $" or : . _ - /, was '{value}'.",
                nameof(KeyPrefix));
    } = "callroute:mfa:";

    /// <summary>Whether a write returns only after the server has confirmed that it is durable.</summary>
    /// <value>
    /// The default is false: <em>not durable</em>. A crash of the server or a failover may then lose acknowledged writes, and a used code
    /// or recovery code may work again. With true, the store refuses a server whose settings cannot make writes durable; see
    /// <see cref="RedisMfaStore"/>.
    /// </value>
    public bool RequireDurable { get; init; }

    /// <summary>How many replicas must confirm a write if <see cref="RequireDurable"/> is set.</summary>
    /// <remarks>
    /// A failover keeps every confirmed write only if it promotes a replica that has confirmed it. To make sure of that, set the number of
    /// all replicas of a primary. With 0 only the primary's own disk confirms.
    /// </remarks>
    /// <value>0–100; the default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–100.</exception>
    public int DurableReplicas
    {
        get;
        init => field = value is >= 0 and <= MaximumReplicas
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(DurableReplicas),
                $"{nameof(RedisMfaStoreOptions)}.{nameof(DurableReplicas)} must be 0–{MaximumReplicas}, was {value}.");
    } = 1;

    /// <summary>How long the server waits for a confirmation if <see cref="RequireDurable"/> is set.</summary>
    /// <value>1 ms–1 min; the default is 1 s. Keep it below the time-out of the connection, which is 5 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 ms–1 min.</exception>
    public TimeSpan DurabilityTimeout
    {
        get;
        init => field = value >= MinimumTimeout && value <= MaximumTimeout
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(DurabilityTimeout),
                $"{nameof(RedisMfaStoreOptions)}.{nameof(DurabilityTimeout)} must be {MinimumTimeout}–{MaximumTimeout}, was {value}.");
    } = TimeSpan.FromSeconds(1);
}
