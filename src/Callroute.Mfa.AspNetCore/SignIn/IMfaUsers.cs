namespace Callroute.Mfa.AspNetCore;

/// <summary>Finds the users of the application. Register it: <c>services.AddScoped&lt;IMfaUsers, …&gt;()</c>.</summary>
public interface IMfaUsers
{
    /// <summary>Finds a user who may sign in.</summary>
    /// <param name="subject">The user, with the id that the application passed to the library.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The user, or null if there is none or they may not sign in now.</returns>
    ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores in the user's own row whether the user is enrolled. Then a user whose MFA record is lost cannot sign in without MFA.
    /// </summary>
    /// <remarks>
    /// Only the library calls it, and nothing else may write the value: the application only stores it. The same value may come twice. If
    /// the call throws, the library repeats it for 24 h, at every sign-in and change. It is called in a scope of its own, which nothing of
    /// the request has prepared: take the tenant from the subject only.
    /// </remarks>
    /// <param name="subject">The user. If the user is gone, do nothing.</param>
    /// <param name="isEnrolled">
    /// True after the first authenticator was bound, false after MFA was disabled, or reset so that the password alone is enough.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the write is durable.</returns>
    ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default);
}
