namespace Callroute.Mfa.Storage;

/// <summary>A store that can say at the start of the application what is wrong with its database.</summary>
public interface IMfaStoreCheck
{
    /// <summary>Checks that the database can be reached, read and written, and that its settings keep what the store promises.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Warnings, each with its remedy; empty if there are none.</returns>
    /// <exception cref="InvalidOperationException">The store cannot be used now. The message says why, and what to do.</exception>
    /// <exception cref="NotSupportedException">
    /// The database is set up so that a code can be accepted twice. The application must not start. The message says what to change.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default);
}
