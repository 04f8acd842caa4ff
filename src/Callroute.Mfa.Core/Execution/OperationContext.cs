using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Execution;

/// <summary>The parts that every operation uses. There is one for each <see cref="MfaService"/>.</summary>
internal sealed record OperationContext(
    RecordTransaction Records,
    SecretProtection Secrets,
    RecoveryCodeIssuer Issuer,
    EventDispatcher Events,
    EnrolledNotice Notice,
    CallBound Bound,
    MfaOptions Options,
    TimeProvider Clock)
{
    public DateTimeOffset Now => Clock.GetUtcNow();
}
