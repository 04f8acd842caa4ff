namespace Callroute.Mfa.Recovery;

/// <summary>A new set in both forms: as it is shown, and as it is stored. Created once, and reused when a write is retried.</summary>
internal sealed record PreparedRecoveryCodes(IReadOnlyList<RecoveryCode> Codes, RecoveryCodeSet Set)
{
    public IssuedRecoveryCodes Issued => new(Set.SetId, Codes);

    public override string ToString() => nameof(PreparedRecoveryCodes);
}
