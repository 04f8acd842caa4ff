using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// The receipt of a session's last verification, in the ticket's properties: there is room, and nobody but the server reads them. The names
/// are those of Callroute.Mfa.AspNetCore, so that its own parts find the receipt too.
/// </summary>
internal static class SessionReceipt
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";

    public static MfaReceipt? Find(AuthenticationProperties properties) =>
        MfaReceipt.TryParse(properties.Items.TryGetValue(Receipt, out var text) ? text : null, out var receipt) ? receipt : null;

    /// <summary>Whether the session has a receipt that is young enough to prove a change.</summary>
    public static bool IsYoung(AuthenticationProperties properties, DateTimeOffset now, TimeSpan stepUpAge) =>
        properties.Items.TryGetValue(ReceiptTime, out var time)
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && (now.ToUnixTimeSeconds() - seconds) < stepUpAge.TotalSeconds;

    public static void Write(AuthenticationProperties properties, MfaReceipt? receipt, DateTimeOffset at)
    {
        if (receipt is null)
        {
            properties.Items.Remove(Receipt);
            properties.Items.Remove(ReceiptTime);
            return;
        }

        properties.Items[Receipt] = receipt.Reveal();
        properties.Items[ReceiptTime] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }
}
