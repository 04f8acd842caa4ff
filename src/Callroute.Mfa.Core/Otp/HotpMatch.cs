namespace Callroute.Mfa.Otp;

/// <summary>Tells which counter a code belongs to.</summary>
/// <remarks>The default value is counter 0 with none skipped; a miss is a null <c>HotpMatch?</c>.</remarks>
public readonly record struct HotpMatch
{
    internal HotpMatch(long counter, int skipped) => (Counter, Skipped) = (counter, skipped);

    /// <summary>The highest counter in the window whose code this is. Store the next one as the new counter.</summary>
    public long Counter { get; }

    /// <summary>How far that is beyond the expected counter: codes that were made and not used.</summary>
    public int Skipped { get; }
}
