using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>What an administrator allowed when they reset a subject's MFA.</summary>
internal sealed record ResetTerms : ExtensibleDocument
{
    public static readonly TimeSpan MaximumPeriod = TimeSpan.FromDays(7);

    public required DateTimeOffset EnrollUntil { get; init; }

    /// <summary>Whether the password alone is enough, while the application's row says "optional" and "not enrolled".</summary>
    public bool AllowsPasswordAlone { get; init; }

    /// <summary>Whether the period still runs. If the clock was set back, a period that would exceed the maximum is over.</summary>
    public bool IsOpen(DateTimeOffset now) => EnrollUntil > now && EnrollUntil - now <= MaximumPeriod;
}
