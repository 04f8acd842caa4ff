namespace Callroute.Mfa;

/// <summary>Tells what a key rotation did to one subject.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class KeyRotationResult
{
    internal KeyRotationResult(MfaSubject subject, bool wasChanged, Exception? failure) =>
        (Subject, WasChanged, Failure) = (subject, wasChanged, failure);

    /// <summary>The subject.</summary>
    public MfaSubject Subject { get; }

    /// <summary>Whether secrets were encrypted anew; false where they were up to date, or failed.</summary>
    public bool WasChanged { get; }

    /// <summary>Why it failed, or null.</summary>
    public Exception? Failure { get; }
}
