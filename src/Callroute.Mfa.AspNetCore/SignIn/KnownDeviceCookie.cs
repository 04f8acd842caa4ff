using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Keeps the known-device token of each user in the browser.</summary>
/// <remarks>The cookie cannot sign anybody in. A missing, forged or foreign one only makes the browser an unknown device.</remarks>
internal sealed class KnownDeviceCookie(IOptions<MfaOptions> options, IOptions<MfaSignInOptions> signIn)
    : UserCookie(signIn.Value, "device", options.Value.KnownDeviceLifetime);
