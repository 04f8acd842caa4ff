using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Testing;

/// <summary>Stands in for the authenticator app on a user's phone: one account, for tests.</summary>
/// <remarks>
/// Thread-safe, except that disposing must not happen while another thread asks for a code. Owns its secret, which
/// <see cref="Dispose"/> zeroes.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class VirtualAuthenticator : IDisposable
{
    private readonly SharedSecret _secret;
    private readonly TimeProvider _timeProvider;
    private readonly TotpParameters? _totp;
    private readonly HotpParameters? _hotp;
    private long _lastCounter;

    private VirtualAuthenticator(SharedSecret secret, TimeProvider timeProvider, TotpParameters? totp, HotpParameters? hotp = null)
    {
        _secret = secret;
        _timeProvider = timeProvider;
        _totp = totp;
        _hotp = hotp;
    }

    /// <summary>Who issues the account; empty where the URI names none, and for a key typed by hand.</summary>
    public string Issuer { get; private init; } = string.Empty;

    /// <summary>The account; empty for a key typed by hand.</summary>
    public string AccountName { get; private init; } = string.Empty;

    /// <summary>How long the current code stays: more than zero, at most the period. Zero for a counter-based account.</summary>
    public TimeSpan TimeUntilNextCode
    {
        get
        {
            var now = _timeProvider.GetUtcNow();
            return _totp is null ? TimeSpan.Zero : _totp.GetStartOf(_totp.GetTimeStep(now) + 1) - now;
        }
    }

    /// <summary>Reads a provisioning URI, as a phone does that scans it.</summary>
    /// <param name="uri">The text of a QR code, at most 4,096 characters.</param>
    /// <param name="timeProvider">The phone's clock.</param>
    /// <returns>An authenticator that the caller disposes.</returns>
    /// <exception cref="FormatException">The text is refused; the message says why, without any part of the text.</exception>
    [SuppressMessage("Design", "CA1054", Justification = "System.Uri would normalise what the QR code holds.")]
    public static VirtualAuthenticator Scan(string uri, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var account = ProvisioningUri.Parse(uri);
        return new(account.Secret, timeProvider, account.Totp, account.Hotp)
        {
            Issuer = account.Issuer,
            AccountName = account.AccountName,
            _lastCounter = account.Counter - 1,
        };
    }

    /// <summary>Takes a key that is typed by hand; the account is time-based with SHA-1, 6 digits and 30 s.</summary>
    /// <param name="key">Base32 of 1–128 bytes, in any case, with or without spaces and hyphens.</param>
    /// <param name="timeProvider">The phone's clock.</param>
    /// <returns>An authenticator that the caller disposes.</returns>
    /// <exception cref="FormatException">The key is not Base32; the message says what is wrong and where, without the key.</exception>
    /// <exception cref="ArgumentException">The key is not of 1–128 bytes.</exception>
    public static VirtualAuthenticator FromManualKey(string key, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var bytes = Base32.Decode(key, lenient: true);
        var secret = SharedSecret.FromBytes(bytes, minimumSize: 1);
        CryptographicOperations.ZeroMemory(bytes);
        return new(secret, timeProvider, new TotpParameters());
    }

    /// <summary>Gives the code that the phone shows now. A counter-based account gives its next code on each call.</summary>
    /// <returns>ASCII digits, as many as the account has.</returns>
    /// <exception cref="ObjectDisposedException">The authenticator was disposed.</exception>
    public string GetCode() => _hotp is null
        ? GetCodeAt(_timeProvider.GetUtcNow())
        : Hotp.Generate(_secret, _hotp, Interlocked.Increment(ref _lastCounter));

    /// <summary>Gives the code that the phone shows at a moment.</summary>
    /// <param name="time">Any moment; its offset does not matter.</param>
    /// <returns>ASCII digits, as many as the account has.</returns>
    /// <exception cref="InvalidOperationException">The account is counter-based.</exception>
    /// <exception cref="ObjectDisposedException">The authenticator was disposed.</exception>
    public string GetCodeAt(DateTimeOffset time) =>
        Totp.Generate(
            _secret, _totp ?? throw new InvalidOperationException("The codes of a counter-based account do not depend on time."), time);

    /// <summary>Zeroes the secret. More calls do nothing.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>Tells the kind, never the content.</summary>
    /// <returns><c>VirtualAuthenticator (Totp)</c> or <c>VirtualAuthenticator (Hotp)</c>.</returns>
    public override string ToString() => $"{nameof(VirtualAuthenticator)} ({(_hotp is null ? nameof(Totp) : nameof(Hotp))})";
}
