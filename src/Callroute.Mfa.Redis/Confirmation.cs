namespace Callroute.Mfa.Redis;

/// <summary>How a server confirms that a write is durable.</summary>
internal enum Confirmation
{
    /// <summary>By WAITAOF (Redis 7.2 and later): the write is on the disks of the primary and of the replicas.</summary>
    WaitAof,

    /// <summary>By WAIT: the write is in the memory of the replicas.</summary>
    Wait,

    /// <summary>By the reply itself: the server syncs every earlier write to its disk before it replies.</summary>
    Reply,
}
