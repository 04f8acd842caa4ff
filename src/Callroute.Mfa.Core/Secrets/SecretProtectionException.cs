namespace Callroute.Mfa.Secrets;

/// <summary>Says that a protected secret cannot be opened: its key is missing, or it was altered or moved.</summary>
/// <remarks>Never "wrong code": where codes are verified <c>MfaService</c> answers <c>Unavailable</c>; elsewhere it surfaces. The message holds no secret.</remarks>
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
