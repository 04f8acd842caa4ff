using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>A receipt with what it should be worth; without a phone it is of a recovery code.</summary>
internal sealed record ReceiptModel(MfaReceipt Receipt, VirtualAuthenticator? Phone, DateTimeOffset At, int Epoch);
