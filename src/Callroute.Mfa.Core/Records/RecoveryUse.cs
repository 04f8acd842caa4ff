namespace Callroute.Mfa.Records;

/// <summary>One use of a recovery code: whose, which code, in which attempt.</summary>
internal sealed record RecoveryUse(MfaSubject Subject, byte[] CanonicalCode, AttemptId Attempt)
{
    public override string ToString() => nameof(RecoveryUse);
}
