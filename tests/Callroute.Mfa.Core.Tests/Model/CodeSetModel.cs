using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>A set of recovery codes. It has one code.</summary>
/// <param name="Id">The id.</param>
/// <param name="Code">The code.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="Proof">What proved a regenerated set; null for another one.</param>
internal sealed record CodeSetModel(Guid Id, string Code, DateTimeOffset IssuedAt, ReceiptModel? Proof)
{
    public bool IsAcknowledged { get; init; }

    public bool IsImported { get; init; }

    public static CodeSetModel Of(IssuedRecoveryCodes issued, DateTimeOffset now, ReceiptModel? proof = null) =>
        new(issued.SetId, issued.Reveal()[0], now, proof);

    /// <summary>Whether a regenerated set can still be used.</summary>
    public bool IsOpen(DateTimeOffset now) => (now - IssuedAt).Duration() < TimeSpan.FromHours(24);
}
