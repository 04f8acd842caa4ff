namespace Callroute.Mfa.Flows;

/// <summary>What a user who asks for their data gets.</summary>
internal sealed record MfaExport(MfaSubject Subject, MfaStatus Mfa);
