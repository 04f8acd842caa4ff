namespace Callroute.Mfa.Otp;

/// <summary>Says how Base32 text is read.</summary>
public enum Base32Format
{
    /// <summary>RFC 4648 §6 to the letter: upper case, no separator, padding either absent or complete.</summary>
    Strict,

    /// <summary>A key as people paste it: any case, white space and hyphens anywhere, any padding at the end.</summary>
    Pasted,
}
