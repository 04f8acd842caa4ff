namespace Callroute.Mfa.AspNetCore;

/// <summary>The status of a user's MFA, with waits and lockouts.</summary>
internal sealed record UserStatusResponse(
    bool IsEnabled,
    IReadOnlyList<AuthenticatorResponse> Authenticators,
    int RecoveryCodesLeft,
    DateTimeOffset? RecoveryCodesCreatedAt,
    bool AreRecoveryCodesAcknowledged,
    IReadOnlyList<KnownDeviceResponse> KnownDevices,
    FactorResponse AppOnKnownDevices,
    FactorResponse AppOnUnknownDevices,
    FactorResponse RecoveryOnKnownDevices,
    FactorResponse RecoveryOnUnknownDevices)
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
