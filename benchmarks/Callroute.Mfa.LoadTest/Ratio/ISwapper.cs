namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>One way to read a user's document and to write another where its version is still the same.</summary>
internal interface ISwapper
{
    /// <summary>Reads, and writes on the condition that nobody wrote meanwhile.</summary>
    /// <returns>Whether it was written.</returns>
    Task<bool> SwapAsync(string user, byte[] document);
}
