namespace Callroute.Mfa.Otp;

/// <summary>Tells which time step a code belongs to.</summary>
/// <remarks>The default value is step 0 with no drift; a miss is a null <c>TotpMatch?</c>, never a special value.</remarks>
public readonly record struct TotpMatch
{
    internal TotpMatch(long timeStep, int drift) => (TimeStep, Drift) = (timeStep, drift);

    /// <summary>The highest step in the window whose code this is.</summary>
    public long TimeStep { get; }

    /// <summary>That step less the verifier's current one: negative where the authenticator's clock is behind.</summary>
    public int Drift { get; }
}
