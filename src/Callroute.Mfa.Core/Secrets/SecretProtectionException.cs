namespace Callroute.Mfa.Secrets;

/// <summary>Thrown when a protected secret cannot be opened: its key is missing, or it was altered or moved.</summary>
/// <remarks>
/// It never means "wrong code". If <c>MfaService</c> verifies a code, it answers <c>Unavailable</c> instead. A receipt that cannot be
/// checked is refused, and a known device then counts as unknown. <c>RotateKeysAsync</c> reports the exception, and other methods throw it.
/// The library puts no secret into the message.
/// </remarks>
public sealed class SecretProtectionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The fault, without any part of a secret.</param>
    /// <param name="innerException">The cause, if any.</param>
    public SecretProtectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
