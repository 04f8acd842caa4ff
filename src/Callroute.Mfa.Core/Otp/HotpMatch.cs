namespace Callroute.Mfa.Otp;

/// <summary>Tells which counter a code belongs to.</summary>
/// <param name="Counter">The highest counter in the window whose code this is. Store the next one as the new counter.</param>
/// <param name="Skipped">How far that is beyond the expected counter: codes that were made and not used.</param>
/// <remarks>The default value is counter 0 with none skipped; a miss is a null <c>HotpMatch?</c>.</remarks>
public readonly record struct HotpMatch(long Counter, int Skipped);
