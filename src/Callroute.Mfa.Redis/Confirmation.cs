namespace Callroute.Mfa.Redis;

/// <summary>How a server confirms that a write is durable.</summary>
internal enum Confirmation
{
    /// <summary>By WAITAOF, from Redis 7.2: on the primary's disk and on that of the replicas.</summary>
    WaitAof,

    /// <summary>By WAIT: in the memory of the replicas.</summary>
    Wait,

    /// <summary>By its reply, which follows the fsync of everything that the server did before.</summary>
    Reply,
}
