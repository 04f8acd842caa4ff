namespace Callroute.Mfa.Otp;

/// <summary>Tells which time step a code belongs to.</summary>
/// <param name="TimeStep">The highest step in the window whose code this is.</param>
/// <param name="Drift">That step less the verifier's current one: negative where the authenticator's clock is behind.</param>
/// <remarks>The default value is step 0 with no drift; a miss is a null <c>TotpMatch?</c>, never a special value.</remarks>
public readonly record struct TotpMatch(long TimeStep, int Drift);
