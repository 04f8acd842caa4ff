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
    /// Stores in the user's own row whether the user must pass MFA. Then a user whose MFA record is lost cannot sign in without MFA.
    /// </summary>
    /// <param name="subject">The user.</param>
    /// <param name="isRequired">True after an authenticator was bound, false after MFA was disabled.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the write is durable.</returns>
    ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default);
}
