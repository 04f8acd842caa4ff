using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>The rows of a user's second factor in Identity's own table.</summary>
/// <param name="IsEnabled">Whether Identity asks the user for a code.</param>
/// <param name="Key">The key of the authenticator app in Base32, or a tombstone; null for none.</param>
/// <param name="RecoveryCodes">The unused recovery codes.</param>
/// <param name="Mark">
/// The mark that this package wrote: <see cref="Moving"/>, <see cref="Moved"/> or <see cref="Kept"/>. Null if it wrote none.
/// </param>
internal sealed record EarlierFactors(bool IsEnabled, string? Key, IReadOnlyList<string> RecoveryCodes, string? Mark)
{
    // No Base32, so that Identity accepts no code for it. It says to people who read the table what happened.
    private const string TombstonePrefix = "moved to Callroute.Mfa: ";

    // SharedSecret takes no more.
    private const int MaximumSecretSize = 128;

    /// <summary>Whether there is an authenticator that was not moved.</summary>
    public bool IsWaiting => IsEnabled && HasKey && !IsMoved && !HasChangedSinceTheMark;

    /// <summary>Whether the key was moved, and its record was there. Without a record it is never moved again.</summary>
    public bool IsMoved => Mark?.Split(' ')[0] is "moved" or "kept";

    /// <summary>Whether the key is that of an authenticator that was set up here, written for plain Identity.</summary>
    public bool IsKept => HasKey && Mark == Kept;

    /// <summary>The mark before a move. Without a record the move may go on: a process may have died in it.</summary>
    public string Moving => $"moving {Fingerprint}";

    public string Moved => $"moved {Fingerprint}";

    public string Kept => $"kept {Fingerprint}";

    public bool HasKey => Key is { Length: > 0 } && !IsTombstone;

    public bool IsTombstone => Key?.StartsWith(TombstonePrefix, StringComparison.Ordinal) == true;

    public bool HasChangedSinceTheMark => HasKey && Mark?.EndsWith(Fingerprint, StringComparison.Ordinal) == false;

    // Identifies the key without showing it.
    private string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key ?? string.Empty)));

    public static string NewTombstone() => TombstonePrefix + RandomNumberGenerator.GetHexString(32);

    /// <returns>The key, which the caller disposes; null if it is no Base32 of at least one byte.</returns>
    public SharedSecret? ReadSecret() =>
        HasKey && Base32.TryDecode(Key!, lenient: true, out var key) && key.Length is > 0 and <= MaximumSecretSize
            ? SharedSecret.FromBytes(key, minimumSize: 1)
            : null;

    /// <summary>Whether the text is one of the recovery codes. The comparison takes the same time for each of them.</summary>
    public bool HasRecoveryCode(string? text) =>
        text is not null && RecoveryCodes.Aggregate(seed: false, (found, code) => found | IsSameCode(code, text));

    public static bool IsSameCode(string code, string typed) => CryptographicOperations.FixedTimeEquals(Plain(code), Plain(typed));

    private static byte[] Plain(string code) =>
        Encoding.ASCII.GetBytes(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant());

    public override string ToString() => nameof(EarlierFactors);
}
