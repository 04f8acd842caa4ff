namespace Callroute.Mfa.Testing;

/// <summary>Names what goes wrong between an application and its store.</summary>
public enum StoreFault
{
    /// <summary>The call throws <see cref="IOException"/> and never reaches the store.</summary>
    ThrowBefore,

    /// <summary>The call is done, then its answer is lost: <see cref="IOException"/>.</summary>
    ThrowAfterCommit,

    /// <summary>The call is done, then its answer is lost: <see cref="TimeoutException"/>.</summary>
    TimeOutAfterCommit,

    /// <summary>A read is answered from before the last change, as by a lagging replica, a cache or a reordered read; writes pass by.</summary>
    StaleRead,

    /// <summary>A write or a delete is delivered twice, and the second answer is told; reads pass by.</summary>
    DuplicateDelivery,

    /// <summary>A write or a delete throws <see cref="TimeoutException"/> and is done only after the next call; reads pass by.</summary>
    LateDelivery,
}
