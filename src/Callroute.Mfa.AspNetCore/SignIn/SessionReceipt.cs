using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// The receipt of a session's last verification, in the ticket's properties: there is room, and nobody but the server reads them.
/// </summary>
internal static class SessionReceipt
{
    private const string Receipt = "callroute.mfa.receipt";
    private const string ReceiptTime = "callroute.mfa.receipt-time";

    public static MfaReceipt? Find(AuthenticationProperties? session) =>
        MfaReceipt.TryParse(session?.GetString(Receipt), out var receipt) ? receipt : null;

    /// <summary>Whether the session has a receipt that is recent enough to prove a change.</summary>
    public static bool IsYoung(AuthenticationProperties? session, DateTimeOffset now, TimeSpan stepUpAge) =>
        long.TryParse(session?.GetString(ReceiptTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && (now.ToUnixTimeSeconds() - seconds) < stepUpAge.TotalSeconds;

    /// <summary>Writes a receipt; null removes it.</summary>
    /// <remarks>An unchanged receipt keeps its time: a repeated answer has the receipt of the first one.</remarks>
    public static void Write(AuthenticationProperties session, MfaReceipt? receipt, DateTimeOffset at)
    {
        var text = receipt?.Reveal();
        if (text is null || text != session.GetString(Receipt))
        {
            session.SetString(Receipt, text);
            session.SetString(ReceiptTime, text is null ? null : at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        }
    }
}
