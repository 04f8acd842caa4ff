namespace Callroute.Mfa.Operations;

/// <summary>The reason that an administrator gives for the audit trail.</summary>
internal static class AuditReason
{
    private const int MaximumLength = 200;

    /// <exception cref="ArgumentException">The reason has no visible character.</exception>
    public static string Clean(string reason)
    {
        var cleaned = DisplayText.Clean(Guard.NotNull(reason), MaximumLength);
        ArgumentException.ThrowIfNullOrEmpty(cleaned, nameof(reason));
        return cleaned;
    }
}
