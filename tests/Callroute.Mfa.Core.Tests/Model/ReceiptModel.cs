using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>
/// A receipt, and the data that decides whether it is still a proof. Without a phone, it is the receipt of a recovery code.
/// </summary>
internal sealed record ReceiptModel(MfaReceipt Receipt, VirtualAuthenticator? Phone, bool IsKnown, DateTimeOffset At, int TimesEnded);
