namespace Callroute.Mfa.Testing;

/// <summary>A failure between an application and its store.</summary>
public enum StoreFault
{
    /// <summary>The call throws <see cref="IOException"/> and never reaches the store.</summary>
    ThrowBefore,

    /// <summary>The store executes the call, but its response is lost: the call throws <see cref="IOException"/>.</summary>
    ThrowAfterCommit,

    /// <summary>The store executes the call, but its response is lost: the call throws <see cref="TimeoutException"/>.</summary>
    TimeOutAfterCommit,

    /// <summary>A read returns the state before the last change, like a lagging replica or a cache. Does not affect writes.</summary>
    StaleRead,

    /// <summary>The store executes a write or a delete twice, and the call returns the second result. Does not affect reads.</summary>
    DuplicateDelivery,

    /// <summary>
    /// A write or a delete throws <see cref="TimeoutException"/> and is executed after the next call. Does not affect reads.
    /// </summary>
    LateDelivery,
}
