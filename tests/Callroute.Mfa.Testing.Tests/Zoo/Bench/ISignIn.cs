namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>An MFA implementation under test, with the host's login form in front of it. Thread-safe.</summary>
internal interface ISignIn
{
    /// <summary>Enrols a phone, confirms it with its current code, and returns the recovery codes.</summary>
    /// <param name="user">The user.</param>
    /// <param name="isSentTwice">Whether the first response to the confirmation gets lost, and the browser sends it again.</param>
    Task<Enrolled> EnrollAsync(string user, bool isSentTwice = false);

    /// <summary>Verifies the text that a user typed.</summary>
    /// <param name="login">One of the spellings of <see cref="Logins"/>.</param>
    /// <param name="response">A code of the phone, or a recovery code.</param>
    /// <param name="session">The browser, half signed in, or signed in at a step-up. Its device may become known.</param>
    Task<Answer> VerifyAsync(string login, string response, Session session);

    /// <summary>Signs a user out.</summary>
    Task SignOutAsync(string user);

    /// <summary>Creates new recovery codes. Throws the exception of the storage, or one like it if the proof is refused.</summary>
    Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof);

    /// <summary>Decides whether the password is enough to sign in a user who may have MFA and need not.</summary>
    Task<bool> IsPasswordEnoughAsync(string user);

    /// <summary>Resets a user's MFA as an administrator.</summary>
    Task ResetAsync(string user);

    /// <summary>Loses the user's record, but not the host's own row.</summary>
    Task LoseRecordAsync(string user);

    /// <summary>Attacks with write access to the rows: copies one user's protected secret into another user's row.</summary>
    Task MoveSecretAsync(string from, string to);

    /// <summary>Ends the process and starts it again on the same storage.</summary>
    void Restart();
}

/// <summary>The phone and the codes of a user after enrolling.</summary>
internal sealed record Enrolled(VirtualAuthenticator Phone, IReadOnlyList<string> RecoveryCodes);

internal enum Answer
{
    Accepted,

    Wrong,

    Replayed,

    /// <summary>The code was not checked: throttled, malformed, or not expected now.</summary>
    Unchecked,
}
