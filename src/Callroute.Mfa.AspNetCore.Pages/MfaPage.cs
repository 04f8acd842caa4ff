namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The content of a screen. Components in the layout receive it as a cascading parameter.</summary>
/// <remarks>Immutable. It may hold a secret and recovery codes: show them on the page, and keep it out of logs.</remarks>
public sealed class MfaPage
{
    internal MfaPage(MfaScreen screen, string path) => (Screen, Path, Purpose) = (screen, path, screen.ToString());

    // The application cannot replace a page of administrators.
    internal MfaPage(Type component, string purpose, string path) => (Component, Purpose, Path) = (component, purpose, path);

    /// <summary>The address under which the pages are mapped, with the path base, such as <c>/account/security</c>.</summary>
    public string Path { get; }

    /// <summary>The heading, in the user's language.</summary>
    public string Title { get; internal set; } = string.Empty;

    /// <summary>What the last form did, or why it was refused, in the user's language; null if there is nothing to say.</summary>
    public string? Message { get; internal set; }

    /// <summary>Whether the message is a refusal. Then focus the field of the code and mark it as invalid.</summary>
    public bool IsError { get; internal set; }

    /// <summary>
    /// The status of the user's MFA, on <see cref="MfaScreen.Security"/>; that of another user, on a page of administrators; else null.
    /// </summary>
    public MfaStatus? Status { get; internal set; }

    /// <summary>The authenticator to set up, on <see cref="MfaScreen.SetUp"/>; else null.</summary>
    public EnrollmentOffer? Offer { get; internal set; }

    /// <summary>The codes to save, on <see cref="MfaScreen.RecoveryCodes"/>; else empty.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; internal set; } = [];

    /// <summary>Whether the form must have a code, because the session's own verification is too old or missing.</summary>
    public bool AsksForCode { get; internal set; }

    /// <summary>
    /// The attempt of a form, and a hash of its user. Keep it in a hidden field named <c>attempt</c> of every form: without it, or if
    /// another user is signed in now, the form is refused.
    /// </summary>
    public string Attempt { get; internal set; } = string.Empty;

    internal MfaScreen Screen { get; }

    /// <summary>The component of a page of administrators; null for those of <see cref="Screen"/>.</summary>
    internal Type? Component { get; }

    /// <summary>The beginning of the keys of its texts. The default is the name of the screen.</summary>
    internal string Purpose { get; init; }

    /// <summary>The address that its form is sent to.</summary>
    internal string Action { get; set; } = string.Empty;

    /// <summary>
    /// The name of the authenticator that the page is about, the account that a further authenticator will show, the key of the text that
    /// says why there are new recovery codes, or the user whom an administrator looks at.
    /// </summary>
    internal string Subtitle { get; init; } = string.Empty;

    /// <summary>How long the next code is not looked at. The message contains it as <see cref="PageTexts.Wait"/> writes it.</summary>
    internal TimeSpan? Wait { get; set; }

    /// <summary>Whether to say which ways in are left after too many wrong codes.</summary>
    internal bool OffersOtherWays { get; set; }

    /// <summary>Whether the box is ticked that asks for no code in this browser for some days.</summary>
    internal bool RemembersBrowser { get; set; }

    internal bool IsRequired { get; init; }

    /// <summary>Whether the user has MFA whose record cannot be found.</summary>
    internal bool IsLost { get; init; }

    internal bool IsSignedIn { get; init; }

    /// <summary>Whether the user passed MFA by a recovery code, so that an authenticator may be lost.</summary>
    internal bool IsRecovered { get; init; }

    internal bool CanAdd { get; init; }

    /// <summary>Whether this browser has begun another set-up, which the form ends.</summary>
    internal bool EndsOther { get; init; }

    internal Guid? SetId { get; init; }

    internal string? ReturnPath { get; init; }

    /// <summary>The text of an administrator's search; null before the first search.</summary>
    internal string? Search { get; init; }

    /// <summary>The users whom an administrator has found: the part of the address, and the account name.</summary>
    internal IReadOnlyList<(string User, string Name)> Found { get; init; } = [];

    /// <summary>The user whom an administrator looks at, as a part of the address.</summary>
    internal string User { get; init; } = string.Empty;
}
