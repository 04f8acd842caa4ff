namespace Callroute.Mfa.StoreProbe;

/// <summary>Parses the text values of an order.</summary>
internal static class Parsed
{
    public static AttemptId Attempt(string text) =>
        AttemptId.TryParse(text, out var attempt) ? attempt : throw new FormatException("No attempt.");

    public static MfaProof Receipt(string text) =>
        MfaReceipt.TryParse(text, out var receipt) ? MfaProof.FromReceipt(receipt) : throw new FormatException("No receipt.");
}
