namespace Callroute.Mfa.StoreProbe;

/// <summary>The answer that a user got before the process died.</summary>
/// <param name="User">The user.</param>
/// <param name="Told">The answer, for a failing test's message.</param>
/// <param name="Succeeded">Whether it was accepted or done.</param>
/// <param name="RecoveryCode">The first recovery code that came with the answer.</param>
public sealed record CrashReport(string User, string Told, bool Succeeded, string? RecoveryCode);
