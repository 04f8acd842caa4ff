namespace Callroute.Mfa.Secrets;

/// <summary>Thrown when a protected secret cannot be opened: its key is missing, or it was altered or moved.</summary>
/// <remarks>
/// It never means "wrong code": where <c>MfaService</c> verifies codes it answers <c>Unavailable</c> instead; from its other methods
/// the exception surfaces. The message holds no secret.
/// </remarks>
public sealed class SecretProtectionException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, without any part of a secret.</param>
    /// <param name="innerException">The cause, if any.</param>
    public SecretProtectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
