using System.Security.Cryptography;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>A session of a browser.</summary>
internal sealed class Session
{
    /// <summary>The secret of the session, under which codes are typed.</summary>
    public AttemptId Id { get; } = AttemptId.TryParse(RandomNumberGenerator.GetHexString(32, lowercase: true), out var id)
        ? id
        : throw new InvalidOperationException("No attempt id.");

    /// <summary>Whether the user is signed in already, and types a code for a change.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>The cookie by which the implementation knows the device again; null until a code is accepted there.</summary>
    public string? Device { get; set; }
}
