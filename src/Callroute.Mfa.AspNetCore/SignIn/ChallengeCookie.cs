using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the half-signed-in challenge.</summary>
/// <remarks>
/// The cookie belongs to no authentication scheme, so no policy, filter or forwarding scheme can take it for a signed-in user.
/// </remarks>
internal sealed class ChallengeCookie(IDataProtectionProvider provider, IOptions<MfaSignInOptions> options, TimeProvider clock)
{
    // Browsers drop a cookie of more than 4,096 bytes. Encryption adds about 100 bytes, and the encoding a third.
    private const int MaximumSize = 2850;

    private const int GuidSize = 16;

    private readonly string _name = options.Value.CookieName;
    private readonly IDataProtector _protector = provider.CreateProtector("Callroute.Mfa.Challenge/1");

    // Lax instead of strict: a first factor at another site must be able to redirect here.
    private readonly CookieOptions _attributes =
        new() { Path = options.Value.CookiePath, HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, IsEssential = true };

    /// <summary>Writes the challenge. A return path that is not a local path, or is too long for the cookie, is left out.</summary>
    public void Write(HttpContext context, MfaChallenge challenge, string? returnPath)
    {
        var bytes = Format(challenge, IsLocal(returnPath) ? returnPath : null);
        var fitting = bytes.Length > MaximumSize ? Format(challenge, null) : bytes;
        context.Response.Cookies.Append(_name, WebEncoders.Base64UrlEncode(_protector.Protect(fitting)), _attributes);
    }

    /// <returns>The challenge, or null if there is none or it is invalid or expired.</returns>
    public MfaChallenge? Read(HttpContext context) =>
        Open(context.Request.Cookies[_name]) is { } challenge && clock.GetUtcNow() < challenge.ExpiresAt ? challenge : null;

    public void End(HttpContext context) => context.Response.Cookies.Delete(_name, _attributes);

    // A cookie that was forged, or encrypted for another purpose or with another key, is no challenge.
    private MfaChallenge? Open(string? cookie)
    {
        try
        {
            return string.IsNullOrEmpty(cookie) ? null : Parse(_protector.Unprotect(WebEncoders.Base64UrlDecode(cookie)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static byte[] Format(MfaChallenge challenge, string? returnPath)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(challenge.Subject.UserId);
        writer.Write(challenge.Subject.Tenant ?? string.Empty);
        writer.Write(challenge.Attempt.ToString());
        writer.Write(challenge.BindingVersion.ToByteArray());
        writer.Write(challenge.StampHash);
        writer.Write(challenge.IsEnrollment);
        writer.Write(challenge.IsPersistent);
        writer.Write(challenge.IssuedAt.ToUnixTimeSeconds());
        writer.Write(challenge.ExpiresAt.ToUnixTimeSeconds());
        writer.Write(FirstFactor.Format(challenge.FirstFactor));
        writer.Write(returnPath ?? string.Empty);
        writer.Flush();
        return bytes.ToArray();
    }

    private static MfaChallenge Parse(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return new MfaChallenge
        {
            Subject = new MfaSubject(reader.ReadString(), NullIfEmpty(reader.ReadString())),
            Attempt = AttemptId.TryParse(reader.ReadString(), out var attempt) ? attempt : default,
            BindingVersion = new Guid(reader.ReadBytes(GuidSize)),
            StampHash = reader.ReadString(),
            IsEnrollment = reader.ReadBoolean(),
            IsPersistent = reader.ReadBoolean(),
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()),
            FirstFactor = FirstFactor.Parse(reader.ReadString()),
            ReturnPath = NullIfEmpty(reader.ReadString()),
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    // A path of this site. Browsers read "//host" and "/\host" as another host, and remove control characters first.
    private static bool IsLocal(string? url) => url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl);
}
