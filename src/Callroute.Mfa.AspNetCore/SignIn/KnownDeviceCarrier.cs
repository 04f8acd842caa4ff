using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Keeps the known-device token in the browser's cookie, or gives it to a client without cookies in the body.</summary>
internal sealed class KnownDeviceCarrier(KnownDeviceCookie cookie)
{
    /// <returns>The token, or null. It is not checked.</returns>
    public string? Read(HttpContext context, MfaSubject subject) =>
        TokenRequest.Of(context) is { } tokens ? tokens.KnownDevice : cookie.Read(context, subject);

    /// <summary>Writes a token. If it is null, nothing is written.</summary>
    public void Write(HttpContext context, MfaSubject subject, string? token)
    {
        if (TokenRequest.Of(context) is { } tokens)
        {
            tokens.NewKnownDevice = token ?? tokens.NewKnownDevice;
        }
        else
        {
            cookie.Write(context, subject, token);
        }
    }
}
