namespace Callroute.Mfa.Otp;

/// <summary>Says why a text is not Base32.</summary>
public enum Base32Error
{
    /// <summary>The text is Base32.</summary>
    None,

    /// <summary>The text is longer than <see cref="Base32.MaximumLength"/>.</summary>
    TooLong,

    /// <summary>A character is outside A–Z and 2–7.</summary>
    InvalidCharacter,

    /// <summary>Padding is incomplete, too long, or inside the text.</summary>
    InvalidPadding,

    /// <summary>No number of whole bytes has this many characters: the last group has 1, 3 or 6.</summary>
    InvalidLength,

    /// <summary>The unused bits of the last character are not zero, so the text is not the encoding of any bytes.</summary>
    NonZeroTrailingBits,
}
