namespace Callroute.Mfa.Tests.Model;

/// <summary>A receipt with what it should be worth.</summary>
internal sealed record ReceiptModel(MfaReceipt Receipt, MfaMethod Method, DateTimeOffset At, int Epoch);
