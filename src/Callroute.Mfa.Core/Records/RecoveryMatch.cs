namespace Callroute.Mfa.Records;

/// <summary>Where a recovery code was found: in the active set or in the pending one.</summary>
internal readonly record struct RecoveryMatch(int Index, bool IsPending);
