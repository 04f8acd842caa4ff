namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Recovery codes that the user has not said to be saved. They are shown only in the session that they were made in, and only until the
/// user's authenticators or codes change.
/// </summary>
/// <param name="Reason">The key of the text that says why there are new codes.</param>
internal sealed record UnsavedCodes(string Reason)
{
    public Guid SetId { get; init; }

    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>The user, and when they signed in.</summary>
    public string Owner { get; init; } = string.Empty;

    /// <summary>The user's <see cref="MfaStatus.BindingVersion"/> with these codes.</summary>
    public Guid Version { get; init; }

    /// <summary>The page of the application to go on with when they are saved; null for one of this package.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>The page of this package to go on with; empty for the Security page.</summary>
    public string Next { get; init; } = string.Empty;

    /// <summary>The key of what that page says.</summary>
    public string NextNotice { get; init; } = "Notice.Saved";

    public override string ToString() => nameof(UnsavedCodes);
}
