namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The settings of an <see cref="EntityFrameworkMfaStore{TContext}"/>.</summary>
/// <remarks>Immutable and thread-safe. Every property validates its value.</remarks>
public sealed class EntityFrameworkMfaStoreOptions
{
    /// <summary>How long one statement may take. It replaces the context's own command time-out.</summary>
    /// <remarks>
    /// After this time the outcome is unknown and a verification returns <see cref="RefusalReason.Unavailable"/>. On SQLite, a statement
    /// waits for a lock for at most this time too. The connection string has a separate time-out for opening a connection.
    /// </remarks>
    /// <value>1–60 s in whole seconds; the default is 5 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–60 whole seconds.</exception>
    public TimeSpan CommandTimeout
    {
        get;
        init => field = value.TotalSeconds is >= 1 and <= 60 && value.Ticks % TimeSpan.TicksPerSecond == 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(CommandTimeout),
                $"{nameof(EntityFrameworkMfaStoreOptions)}.{nameof(CommandTimeout)} must be 1–60 whole seconds, was {value}.");
    } = TimeSpan.FromSeconds(5);
}
