namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>The four functions in which SHA-256 and SHA-512 differ (FIPS 180-4 §4.1.2, §4.1.3).</summary>
internal interface ISha2Functions<TWord>
    where TWord : unmanaged
{
    static abstract TLanes BigSigma0<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, TWord>;

    static abstract TLanes BigSigma1<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, TWord>;

    static abstract TLanes SmallSigma0<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, TWord>;

    static abstract TLanes SmallSigma1<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes, TWord>;
}
