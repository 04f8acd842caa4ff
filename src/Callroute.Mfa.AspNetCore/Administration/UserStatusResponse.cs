using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The status of a user's MFA, with waits and lockouts.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record UserStatusResponse(
    [property: Description("Whether the user has MFA.")] bool IsEnabled,
    [property: Description("The authenticators.")] IReadOnlyList<AuthenticatorResponse> Authenticators,
    [property: Description("How many recovery codes are unused.")] int RecoveryCodesLeft,
    [property: Description("When the recovery codes were made; null if there are none.")] DateTimeOffset? RecoveryCodesCreatedAt,
    [property: Description("Whether the user has said that they are saved.")] bool AreRecoveryCodesAcknowledged,
    [property: Description("The known devices, the last used one first.")] IReadOnlyList<KnownDeviceResponse> KnownDevices,
    [property: Description("Codes of apps, on known devices.")] FactorResponse AppOnKnownDevices,
    [property: Description("Codes of apps, on other devices.")] FactorResponse AppOnUnknownDevices,
    [property: Description("Recovery codes, on known devices.")] FactorResponse RecoveryOnKnownDevices,
    [property: Description("Recovery codes, on other devices.")] FactorResponse RecoveryOnUnknownDevices)
{
    public static UserStatusResponse From(MfaStatus status)
    {
        var own = StatusResponse.From(status);
        return new(
            own.IsEnabled,
            own.Authenticators,
            own.RecoveryCodesLeft,
            own.RecoveryCodesCreatedAt,
            own.AreRecoveryCodesAcknowledged,
            own.KnownDevices,
            FactorResponse.From(status.TotpOnKnownDevices),
            FactorResponse.From(status.TotpOnUnknownDevices),
            FactorResponse.From(status.RecoveryOnKnownDevices),
            FactorResponse.From(status.RecoveryOnUnknownDevices));
    }
}
