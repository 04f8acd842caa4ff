namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>What <see cref="Miniature"/> keeps about a user; lock it to read and write.</summary>
internal sealed class Account(MfaSubject subject, byte[] protectedSecret, IEnumerable<string> recoveryCodes)
{
    public MfaSubject Subject => subject;

    public byte[] ProtectedSecret { get; set; } = protectedSecret;

    /// <summary>The highest step consumed.</summary>
    public long Watermark { get; set; } = long.MinValue;

    public HashSet<string> RecoveryCodes { get; set; } = [.. recoveryCodes];

    /// <summary>Codes that replace the others once one of them is used.</summary>
    public HashSet<string> PendingCodes { get; set; } = [];

    /// <summary>Lets the pending codes replace the others where this is one of them.</summary>
    public void Promote(string code)
    {
        if (PendingCodes.Contains(code))
        {
            (RecoveryCodes, PendingCodes) = (PendingCodes, []);
        }
    }
}
