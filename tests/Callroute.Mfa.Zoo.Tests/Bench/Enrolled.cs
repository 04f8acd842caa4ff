using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Zoo.Tests.Bench;

/// <summary>What a user holds after enrolling. The phone's current code has confirmed the enrolment.</summary>
internal sealed record Enrolled(VirtualAuthenticator Phone, IReadOnlyList<string> RecoveryCodes);
