namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>What an implementation answers to a response.</summary>
internal enum Answer
{
    Accepted,

    /// <summary>Looked at, and no code of the user.</summary>
    Wrong,

    /// <summary>Looked at, and used before.</summary>
    Replayed,

    /// <summary>Not looked at: throttled, malformed, or out of order.</summary>
    NotLookedAt,
}
