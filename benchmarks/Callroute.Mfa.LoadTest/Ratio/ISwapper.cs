namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>One way to read a user's document and to write another where its version is still the same.</summary>
internal interface ISwapper
{
    /// <summary>Reads, and writes on the condition that nobody wrote meanwhile.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="document">What to write.</param>
    /// <param name="next">Its version, made before: its random bits are the work of neither driver nor store.</param>
    /// <returns>Whether it was written.</returns>
    Task<bool> SwapAsync(string user, byte[] document, Guid next);
}
