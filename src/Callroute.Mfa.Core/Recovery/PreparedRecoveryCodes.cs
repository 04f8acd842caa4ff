namespace Callroute.Mfa.Recovery;

/// <summary>A new set in both forms: as it is shown, and as it is stored. Created once, and reused when a write is retried.</summary>
internal sealed record PreparedRecoveryCodes(IReadOnlyList<RecoveryCode> Codes, RecoveryCodeSet Set)
{
    /// <summary>The set that was active when the codes were hashed; null if there was none.</summary>
    public RecoveryCodeSet? Active { get; init; }

    /// <summary>The new set as a pending one; null if no code of the active set can be checked.</summary>
    public PendingRecoveryCodes? Pending { get; init; }

    public IssuedRecoveryCodes Issued => new(Set.SetId, Codes);

    public override string ToString() => nameof(PreparedRecoveryCodes);
}
