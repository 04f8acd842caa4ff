using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Testing;

/// <summary>A test double for the authenticator app on a user's phone, with one account.</summary>
/// <remarks>
/// Thread-safe, but do not dispose the object while another thread gets a code. It owns its secret, and <see cref="Dispose"/> zeroes the
/// secret.
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

    /// <summary>The issuer of the account; empty if the URI names none, and for a key typed by hand.</summary>
    public string Issuer { get; private init; } = string.Empty;

    /// <summary>The name of the account; empty for a key typed by hand.</summary>
    public string AccountName { get; private init; } = string.Empty;

    /// <summary>The time until the next code: more than zero and at most the period, or zero for a counter-based account.</summary>
    public TimeSpan TimeUntilNextCode
    {
        get
        {
            var now = _timeProvider.GetUtcNow();
            return _totp is null ? TimeSpan.Zero : _totp.GetStartOf(_totp.GetTimeStep(now) + 1) - now;
        }
    }

    /// <summary>Reads a provisioning URI as leniently as apps do that scan its QR code.</summary>
    /// <param name="uri">The text of the QR code, at most 4,096 characters.</param>
    /// <param name="timeProvider">The phone's clock.</param>
    /// <returns>An authenticator that the caller disposes.</returns>
    /// <exception cref="FormatException">The text is refused; the message says why, without any part of the text.</exception>
    [SuppressMessage("Design", "CA1054", Justification = "System.Uri would normalise what the QR code holds.")]
    public static VirtualAuthenticator Scan(string uri, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(timeProvider);
        var account = ProvisioningUri.Parse(uri, lenient: true);
        return new(account.Secret, timeProvider, account.Totp, account.Hotp)
        {
            Issuer = account.Issuer,
            AccountName = account.AccountName,
            _lastCounter = account.Counter - 1,
        };
    }

    /// <summary>Reads a key that a user would type by hand. The account is time-based with SHA-1, 6 digits and 30 s.</summary>
    /// <param name="key">1–128 bytes in Base32 (RFC 4648), read as in <see cref="Base32.Decode"/> with <c>lenient</c>.</param>
    /// <param name="timeProvider">The phone's clock.</param>
    /// <returns>An authenticator that the caller disposes.</returns>
    /// <exception cref="FormatException">The key is not Base32; the message gives the fault and its position, but not the key.</exception>
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

    /// <summary>Returns the code that the phone shows now. A counter-based account returns its next code on each call.</summary>
    /// <returns>4–8 ASCII digits, as many as the account has (RFC 6238, RFC 4226).</returns>
    /// <exception cref="ObjectDisposedException">The authenticator was disposed.</exception>
    public string GetCode() => _hotp is null
        ? GetCodeAt(_timeProvider.GetUtcNow())
        : Hotp.Generate(_secret, _hotp, Interlocked.Increment(ref _lastCounter));

    /// <summary>Returns the code that the phone shows at a given time.</summary>
    /// <param name="time">The time, with any offset.</param>
    /// <returns>4–8 ASCII digits, as many as the account has (RFC 6238).</returns>
    /// <exception cref="InvalidOperationException">The account is counter-based.</exception>
    /// <exception cref="ObjectDisposedException">The authenticator was disposed.</exception>
    public string GetCodeAt(DateTimeOffset time) =>
        Totp.Generate(
            _secret, _totp ?? throw new InvalidOperationException("The codes of a counter-based account do not depend on time."), time);

    /// <summary>Zeroes the secret. Further calls do nothing.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>Returns the kind of the account, never its content.</summary>
    /// <returns><c>VirtualAuthenticator (Totp)</c> or <c>VirtualAuthenticator (Hotp)</c>.</returns>
    public override string ToString() => $"{nameof(VirtualAuthenticator)} ({(_hotp is null ? nameof(Totp) : nameof(Hotp))})";
}
