using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Records;

/// <summary>How the confirmation of an enrolment ended.</summary>
internal sealed record Confirmation(MfaChangeOutcome Outcome, int TriesLeft, Guid? AuthenticatorId = null, IssuedRecoveryCodes? Issued = null);
