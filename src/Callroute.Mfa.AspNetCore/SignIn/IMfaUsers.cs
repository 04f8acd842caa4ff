namespace Callroute.Mfa.AspNetCore;

/// <summary>Finds the users of the application. Register it: <c>services.AddScoped&lt;IMfaUsers, …&gt;()</c>.</summary>
public interface IMfaUsers
{
    /// <summary>Finds a user who may sign in.</summary>
    /// <param name="subject">
    /// The user, with the id that the application passed to the library, or with any text that an administrator typed. Compare the id
    /// exactly: another spelling is another subject.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The user, or null if there is none or they may not sign in now.</returns>
    ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default);

    /// <summary>
    /// Searches users for an administrator, by whatever the application knows of them, such as a name or an e-mail address. Users are
    /// always found by their id too, so by default this finds nobody.
    /// </summary>
    /// <param name="text">The text that the administrator typed: 1–400 characters, not trusted.</param>
    /// <param name="tenant">The tenant to search in; null if there are no tenants, or if the administrator has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The users, the best match first. The first 20 who may sign in, or have a record, are shown.</returns>
    ValueTask<IReadOnlyList<MfaSubject>> SearchAsync(string text, string? tenant, CancellationToken cancellationToken = default) =>
        new([]);

    /// <summary>
    /// Stores in the user's own row whether the user is enrolled. Then a user whose MFA record is lost cannot sign in without MFA.
    /// </summary>
    /// <remarks>
    /// Only the library calls it, and nothing else may write the value: the application only stores it. The same value may come twice. If
    /// the call throws, the library repeats it for 24 h, at every sign-in and change. If it throws before an erasure, nothing is erased. It
    /// runs in a service scope of its own, not in the scope of the request. So take the tenant from the subject, not from a scoped service.
    /// </remarks>
    /// <param name="subject">The user. If the user is gone, do nothing.</param>
    /// <param name="isEnrolled">
    /// True after the first authenticator was bound. False after a disable, after a reset that allows the password alone, and before an
    /// erasure. A sign-in that finds a wrong value in the row calls it too.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the write is durable.</returns>
    ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends what the application itself keeps of a user's MFA, such as sessions and remembered browsers, after an administrator's reset. By
    /// default it does nothing.
    /// </summary>
    /// <remarks>
    /// The library calls it after a reset by the administrators' endpoints or pages, or by
    /// <see cref="MfaAdministrationExtensions.AdministerMfaAsync"/> with the action <c>reset</c>. At that time the reset is durable,
    /// and the administrator has not been answered. If this method throws, the administrator is asked to repeat the reset, so the library
    /// may call it again for the same user.
    /// </remarks>
    /// <param name="subject">The user. If the user is gone, do nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the sessions are ended.</returns>
    ValueTask AfterResetAsync(MfaSubject subject, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
