namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>What a user holds after enrolling. The phone's current code has confirmed the enrolment.</summary>
internal sealed record Enrolled(VirtualAuthenticator Phone, IReadOnlyList<string> RecoveryCodes);
