namespace Callroute.Mfa;

/// <summary>Describes what a key rotation did for one subject.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class KeyRotationResult
{
    internal KeyRotationResult(MfaSubject subject, bool wasChanged, Exception? failure) =>
        (Subject, WasChanged, Failure) = (subject, wasChanged, failure);

    /// <summary>The subject.</summary>
    public MfaSubject Subject { get; }

    /// <summary>Whether secrets were encrypted anew; false if they were up to date, or if it failed.</summary>
    public bool WasChanged { get; }

    /// <summary>The exception if it failed; else null.</summary>
    public Exception? Failure { get; }
}
