using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>The input of every implementation: the policy, a manual clock, and a key.</summary>
internal sealed record Setup
{
    /// <summary>Wrong codes in a row that are checked.</summary>
    public const int Limit = 5;

    /// <summary>Wrong codes that are checked within a day, however many right codes come between.</summary>
    public const int Allowance = 30;

    /// <summary>Typing errors that a right code of the same sign-in gives back.</summary>
    public const int Refund = 4;

    /// <summary>Wrong recovery codes in a row that are checked. There are enough to use a whole set at the same time.</summary>
    public const int RecoveryLimit = 50;

    public const int RecoveryCodes = 10;

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private int _hashes;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public FaultPoint Faults { get; } = new();

    public KeyRing Keys { get; } = new("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });

    public TotpParameters Parameters { get; init; } = new TotpParameters();

    /// <summary>How many recovery codes were hashed.</summary>
    public int Hashes => _hashes;

    /// <summary>Steps of the window before and after the current one.</summary>
    public int StepsEachWay => 1;

    public void CountHashes(int count) => Interlocked.Add(ref _hashes, count);
}
