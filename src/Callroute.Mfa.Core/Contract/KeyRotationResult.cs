namespace Callroute.Mfa;

/// <summary>Describes what a key rotation did for one subject.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class KeyRotationResult
{
    internal KeyRotationResult(MfaSubject subject, bool wasChanged, Exception? failure) =>
        (Subject, WasChanged, Failure) = (subject, wasChanged, failure);

    /// <summary>The subject.</summary>
    public MfaSubject Subject { get; }

    /// <summary>Whether secrets were re-encrypted; false if they were up to date, or if the rotation failed.</summary>
    public bool WasChanged { get; }

    /// <summary>The exception if the rotation failed; else null.</summary>
    public Exception? Failure { get; }
}
