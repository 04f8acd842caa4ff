using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>What the app shows of a new authenticator: the issuer and the account.</summary>
/// <remarks>
/// Some apps overwrite an entry that has the same names, such as Google Authenticator on Android and Microsoft Authenticator. So while an
/// authenticator is bound, a new one has a number behind the account. Otherwise, the user could lose the old one before the new one is
/// confirmed.
/// </remarks>
internal sealed class AppLabel(string accountName, string? issuer, MfaOptions options)
{
    // With the longest issuer, a hundred characters of any script still fit into a QR code.
    private const int MaximumLength = 100;

    private readonly string _account = Clean(accountName, nameof(accountName));
    private readonly string _issuer = issuer is null ? options.Issuer : Clean(issuer, nameof(issuer));

    /// <returns>The smallest number that no bound authenticator has; 0 for none, otherwise 2 or more.</returns>
    public static int FreeNumber(MfaRecord record)
    {
        var taken = record.Authenticators.Select(a => a.LabelNumber).ToHashSet();
        return taken.Contains(0) ? Enumerable.Range(2, taken.Count).First(number => !taken.Contains(number)) : 0;
    }

    public ProvisioningUri UriOf(PendingEnrollment pending, SharedSecret secret)
    {
        var number = pending.LabelNumber == 0 ? string.Empty : FormattableString.Invariant($" ({pending.LabelNumber})");
        var account = DisplayText.Clean(_account, MaximumLength - number.Length) + number;
        return ProvisioningUri.ForTotp(_issuer, account, secret, pending.Parameters);
    }

    // Users choose accounts, and tenants their names, so only a name without a visible character throws.
    private static string Clean(string text, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, name);
        var cleaned = DisplayText.Clean(text.Replace(':', '_'), MaximumLength);
        return cleaned.Length > 0 ? cleaned : throw new ArgumentException($"{name} must contain a visible character.", name);
    }
}
