namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>A receipt, and the data that decides whether it is still a proof.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Phone">The phone that made the code; null for a recovery code.</param>
/// <param name="Set">The recovery set that followed the use of a recovery code; null for a code of a phone.</param>
/// <param name="IsKnown">Whether the code came from a known device.</param>
/// <param name="At">When the code was accepted.</param>
/// <param name="TimesEnded">How often MFA had ended then.</param>
internal sealed record ReceiptModel(MfaReceipt Receipt, Guid? Phone, Guid? Set, bool IsKnown, DateTimeOffset At, int TimesEnded)
{
    public bool IsRecovery => Set is not null;
}
