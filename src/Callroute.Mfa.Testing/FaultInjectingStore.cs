using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing;

/// <summary>Wraps a store and makes one call fail, to test how an application handles failures of its store.</summary>
/// <remarks>
/// Thread-safe. Scans are passed to the wrapped store, are not counted and never fail. To test every call of an operation, arm the fault
/// at call 1, 2, 3 and so on until <see cref="HasFired"/> stays false.
/// </remarks>
public class FaultInjectingStore : IMfaStore
{
    private readonly IMfaStore _inner;
    private readonly Lock _gate = new();
    private readonly Dictionary<MfaSubject, (StoredRecord? Previous, StoredRecord? Last)> _seen = [];
    private (StoreFault Fault, int AtCall)? _armed;
    private Func<Task>? _late;
    private int _calls;
    private bool _hasFired;

    private FaultInjectingStore(IMfaStore inner) => _inner = inner;

    /// <summary>Whether the fault that was armed last has happened. A fault happens only once.</summary>
    public bool HasFired
    {
        get
        {
            lock (_gate)
            {
                return _hasFired;
            }
        }
    }

    /// <summary>The number of calls since <see cref="Arm"/>, or since the store was created if no fault was armed.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    /// <summary>Wraps a store, with no fault armed.</summary>
    /// <param name="inner">The store to wrap. The caller owns and disposes it.</param>
    /// <returns>The wrapping store. It is an <see cref="IMfaStoreScan"/> if <paramref name="inner"/> is one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    public static FaultInjectingStore Around(IMfaStore inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return inner is IMfaStoreScan scan ? new Listing(inner, scan) : new FaultInjectingStore(inner);
    }

    /// <summary>Makes a fault happen once and resets the count of calls.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="atCall">
    /// The number of the call that fails, from 1, counting finds, writes and deletes. If the fault is impossible for that call (a stale
    /// read for a write), it happens at the next call for which it is possible.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The fault is not defined, or the call is less than 1.</exception>
    public void Arm(StoreFault fault, int atCall)
    {
        if (!Enum.IsDefined(fault))
        {
            throw new ArgumentOutOfRangeException(nameof(fault), fault, $"The fault must be a defined {nameof(StoreFault)}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(atCall, 1);
        lock (_gate)
        {
            (_armed, _calls, _hasFired) = ((fault, atCall), 0, false);
        }
    }

    /// <summary>Cancels the armed fault. <see cref="HasFired"/> and <see cref="Calls"/> keep their values.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            _armed = null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The armed fault.</exception>
    /// <exception cref="TimeoutException">The armed fault.</exception>
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(DeliverAsync(isRead: true, fault => ReadAsync(fault, subject, cancellationToken)));

    /// <inheritdoc/>
    /// <exception cref="IOException">The armed fault.</exception>
    /// <exception cref="TimeoutException">The armed fault.</exception>
    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var written = new StoredRecord(document.ToArray(), newVersion);
        return new(DeliverAsync(isRead: false, fault => ChangeAsync(
            fault,
            subject,
            written,
            token => _inner.TryWriteAsync(subject, written.Document, newVersion, expected, token),
            cancellationToken)));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The armed fault.</exception>
    /// <exception cref="TimeoutException">The armed fault.</exception>
    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        new(DeliverAsync(isRead: false, fault => ChangeAsync(
            fault, subject, null, token => _inner.TryDeleteAsync(subject, expected, token), cancellationToken)));

    private async Task<T> DeliverAsync<T>(bool isRead, Func<StoreFault?, Task<T>> call)
    {
        var (fault, late) = Next(isRead);
        try
        {
            return fault == StoreFault.ThrowBefore
                ? throw new IOException("The store is unreachable.")
                : await call(fault).ConfigureAwait(false);
        }
        finally
        {
            await (late?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private async Task<StoredRecord?> ReadAsync(StoreFault? fault, MfaSubject subject, CancellationToken cancellationToken)
    {
        if (fault == StoreFault.StaleRead)
        {
            return Previous(subject);
        }

        var found = await _inner.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        See(subject, found);
        return LoseResponse(fault, found);
    }

    private async Task<bool> ChangeAsync(
        StoreFault? fault,
        MfaSubject subject,
        StoredRecord? after,
        Func<CancellationToken, ValueTask<bool>> change,
        CancellationToken cancellationToken)
    {
        if (fault == StoreFault.LateDelivery)
        {
            Postpone(() => ChangeAsync(null, subject, after, change, CancellationToken.None));
            throw new TimeoutException("The store did not respond.");
        }

        var isDone = await change(cancellationToken).ConfigureAwait(false);
        if (isDone)
        {
            See(subject, after);
        }

        var answer = fault == StoreFault.DuplicateDelivery ? await change(cancellationToken).ConfigureAwait(false) : isDone;
        return LoseResponse(fault, answer);
    }

    private static T LoseResponse<T>(StoreFault? fault, T answer) => fault switch
    {
        StoreFault.ThrowAfterCommit => throw new IOException("The connection to the store broke."),
        StoreFault.TimeOutAfterCommit => throw new TimeoutException("The store did not respond."),
        _ => answer,
    };

    private (StoreFault? Fault, Func<Task>? Late) Next(bool isRead)
    {
        lock (_gate)
        {
            _calls++;
            var late = _late;
            _late = null;
            if (_armed is not { } armed || _hasFired || _calls < armed.AtCall || !Fits(armed.Fault, isRead))
            {
                return (null, late);
            }

            _hasFired = true;
            return (armed.Fault, late);
        }
    }

    private static bool Fits(StoreFault fault, bool isRead) => fault switch
    {
        StoreFault.StaleRead => isRead,
        StoreFault.DuplicateDelivery or StoreFault.LateDelivery => !isRead,
        _ => true,
    };

    private void Postpone(Func<Task> late)
    {
        lock (_gate)
        {
            _late = late;
        }
    }

    // Returns null for a subject that was never seen, like a replica that has not received it yet.
    private StoredRecord? Previous(MfaSubject subject)
    {
        lock (_gate)
        {
            return _seen.GetValueOrDefault(subject).Previous;
        }
    }

    private void See(MfaSubject subject, StoredRecord? now)
    {
        lock (_gate)
        {
            var last = _seen.GetValueOrDefault(subject).Last;
            if (last?.Version != now?.Version)
            {
                _seen[subject] = (last, now);
            }
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Created by Around.")]
    private sealed class Listing(IMfaStore inner, IMfaStoreScan scan) : FaultInjectingStore(inner), IMfaStoreScan
    {
        public IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => scan.ScanAsync(cancellationToken);
    }
}
