using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>What an administrator allowed when they reset a subject's MFA.</summary>
internal sealed record ResetTerms : ExtensibleDocument
{
    public static readonly TimeSpan MaximumPeriod = TimeSpan.FromDays(7);

    public required DateTimeOffset EnrollUntil { get; init; }

    /// <summary>Whether the password alone is enough, if the application neither requires MFA nor has the user as enrolled.</summary>
    public bool AllowsPasswordAlone { get; init; }

    /// <summary>Whether the user may still enrol. If the clock was set back, no period lasts longer than the longest one.</summary>
    public bool IsOpen(DateTimeOffset now) => EnrollUntil > now && EnrollUntil - now <= MaximumPeriod;
}
