namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>The data that <see cref="Miniature"/> stores about a user. Lock it to read and write.</summary>
internal sealed class Account(MfaSubject subject, byte[] protectedSecret, IEnumerable<string> recoveryCodes)
{
    public MfaSubject Subject => subject;

    public byte[] ProtectedSecret { get; set; } = protectedSecret;

    public long LastUsedStep { get; set; } = long.MinValue;

    /// <summary>Whether an administrator reset it. The user must enrol again.</summary>
    public bool IsReset { get; set; }

    /// <summary>The cookies of devices on which a code was accepted.</summary>
    public HashSet<string> KnownDevices { get; } = [];

    /// <summary>The wrong codes that used up the allowance.</summary>
    public List<Miss> Misses { get; } = [];

    /// <summary>The codes that a broken implementation remembers.</summary>
    public Dictionary<string, long> UsedCodes { get; set; } = [];

    public HashSet<string> RecoveryCodes { get; set; } = [.. recoveryCodes];

    /// <summary>The recovery code that was used last, for the same session to send again; null if that is over.</summary>
    public (AttemptId Session, string Code, DateTimeOffset At)? LastRecovery { get; set; }

    /// <summary>The codes of the enrolment, for the same confirmation to be sent again.</summary>
    public IReadOnlyList<string> IssuedCodes { get; } = [.. recoveryCodes];

    /// <summary>Codes that replace the others when one of them is used.</summary>
    public HashSet<string> PendingCodes { get; set; } = [];

    /// <summary>Replaces the codes if this is one of the pending ones.</summary>
    public void Promote(string code)
    {
        if (PendingCodes.Contains(code))
        {
            (RecoveryCodes, PendingCodes) = (PendingCodes, []);
        }
    }
}

/// <summary>A wrong code.</summary>
internal sealed record Miss(bool IsOnKnownDevice, AttemptId Session);
