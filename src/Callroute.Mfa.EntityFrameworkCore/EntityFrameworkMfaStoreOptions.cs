namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Holds the settings of an <see cref="EntityFrameworkMfaStore{TContext}"/>.</summary>
/// <remarks>Immutable and thread-safe; every property is checked where it is set.</remarks>
public sealed record EntityFrameworkMfaStoreOptions
{
    private static readonly TimeSpan Minimum = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Maximum = TimeSpan.FromMinutes(1);

    /// <summary>How long a statement may take before it is given up and the outcome is unknown, whatever the context's own setting.</summary>
    /// <value>1 s–1 min in whole seconds; the default is 5 s. On SQLite it is also how long a statement waits for a lock. Opening a connection has its own time-out, in the connection string.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 s–1 min.</exception>
    /// <exception cref="ArgumentException">The value is not a whole number of seconds.</exception>
    public TimeSpan CommandTimeout { get; init => field = WholeSeconds(value, nameof(CommandTimeout)); } = TimeSpan.FromSeconds(5);

    private static TimeSpan WholeSeconds(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, Minimum, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Maximum, name);
        return value.Ticks % TimeSpan.TicksPerSecond == 0 ? value : throw new ArgumentException("Must be a whole number of seconds.", name);
    }
}
