namespace Callroute.Mfa;

/// <summary>Tells what a key rotation did to one subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="WasChanged">Whether secrets were encrypted anew; false where they were up to date, or failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record ReprotectionResult(MfaSubject Subject, bool WasChanged, Exception? Failure);
