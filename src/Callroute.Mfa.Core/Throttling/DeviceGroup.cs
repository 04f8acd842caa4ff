namespace Callroute.Mfa.Throttling;

/// <summary>
/// A group of devices whose failures are counted together. Guesses on one group do not lock out the other, before 100 in a row on both.
/// </summary>
internal enum DeviceGroup : byte
{
    /// <summary>Devices that present no token, or one that the record does not list.</summary>
    Unknown,

    /// <summary>Devices that present a listed token. It was issued when a code was accepted there.</summary>
    Known,
}
