namespace Callroute.Portal.Pages.Profile;

/// <summary>What has just been done, for the Security tab to say.</summary>
public enum SecurityNews
{
    Enabled,
    Added,
    Removed,
    Saved,
    NotSaved,
    Disabled,
    EnrollmentEnded,
    Forgotten,
}
