namespace Callroute.Mfa.Reliability;

/// <summary>A recovery code that the user has saved.</summary>
/// <param name="Set">The set that it belongs to.</param>
/// <param name="Text">The code.</param>
internal sealed record RecoveryCode(Guid Set, string Text)
{
    public static RecoveryCode? From(Answer answer) =>
        answer is { Target: { } set, RecoveryCode: { } code } ? new RecoveryCode(set, code) : null;

    public override string ToString() => $"{Set}";
}
