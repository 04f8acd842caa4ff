using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>An enrolled user: the phone, and the recovery code that was shown.</summary>
public sealed record Member(MfaSubject User, VirtualAuthenticator Phone, string RecoveryCode, Guid Generation);
