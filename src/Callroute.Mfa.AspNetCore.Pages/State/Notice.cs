namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>A message that the next page shows once.</summary>
/// <param name="For">The path of that page, so that another tab does not say it.</param>
/// <param name="Key">The key of the text, so that the page says it in the language that it is shown in.</param>
internal sealed record Notice(string For, string Key)
{
    /// <summary>The user whom it is for, as <see cref="PageUser.Remembered"/> names them; null for a page without a user.</summary>
    public string? Owner { get; init; }

    public bool IsError { get; init; }

    /// <summary>Whether the form must have a code, although the session's own verification is recent: it was not enough.</summary>
    public bool AsksForCode { get; init; }

    /// <summary>When the next code is looked at.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether to say which ways in are left.</summary>
    public bool OffersOtherWays { get; init; }

    /// <summary>Whether the box of the form was ticked that asks for no code in this browser for some days.</summary>
    public bool RemembersBrowser { get; init; }
}
