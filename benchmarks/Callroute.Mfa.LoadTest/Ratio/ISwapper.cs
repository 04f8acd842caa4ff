namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>A candidate: one way to read a user's document and to replace it if its version is unchanged.</summary>
internal interface ISwapper
{
    /// <summary>Reads a document, and writes another one if nobody has written in between.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="document">The new document.</param>
    /// <param name="next">
    /// Its version, created before the measurement, because random bits are the work of neither driver nor store.
    /// </param>
    /// <returns>Whether the document was written.</returns>
    Task<bool> SwapAsync(string user, byte[] document, Guid next);
}
