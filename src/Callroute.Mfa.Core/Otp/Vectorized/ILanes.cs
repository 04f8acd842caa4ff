namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// One word of each of several messages, side by side in a vector register. An operation applies to the word of every message. In memory
/// the words lie in the order of the lanes.
/// </summary>
internal interface ILanes<TSelf, TWord>
    where TSelf : unmanaged, ILanes<TSelf, TWord>
    where TWord : unmanaged
{
    /// <summary>The number of messages.</summary>
    static abstract int Count { get; }

    /// <summary>Puts the same word into every lane.</summary>
    static abstract TSelf Broadcast(TWord word);

    /// <summary>Adds modulo two to the number of the word's bits, as FIPS 180-4 does throughout.</summary>
    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator ^(TSelf x, TSelf y);

    static abstract TSelf operator >>>(TSelf x, int bits);

    /// <summary>ROTR of FIPS 180-4 §3.2.</summary>
    static abstract TSelf RotateRight(TSelf x, int bits);

    /// <summary>Ch of FIPS 180-4 §4.1: the bit of y if the bit of x is set, else the bit of z.</summary>
    static abstract TSelf Ch(TSelf x, TSelf y, TSelf z);
}
