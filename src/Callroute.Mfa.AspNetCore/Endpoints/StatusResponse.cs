using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The status of the user's MFA.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record StatusResponse(
    bool IsEnabled,
    IReadOnlyList<AuthenticatorResponse> Authenticators,
    int RecoveryCodesLeft,
    DateTimeOffset? RecoveryCodesCreatedAt,
    bool AreRecoveryCodesAcknowledged,
    bool HasPendingRecoveryCodes,
    IReadOnlyList<KnownDeviceResponse> KnownDevices,
    IReadOnlyList<EventResponse> RecentEvents)
{
    public static StatusResponse From(MfaStatus status) => new(
        status.IsEnabled,
        [.. status.Authenticators.Select(it => new AuthenticatorResponse(it.Id, it.Name, it.CreatedAt, it.LastUsedAt))],
        status.RecoveryCodesLeft,
        status.RecoveryCodesCreatedAt,
        status.AreRecoveryCodesAcknowledged,
        status.HasPendingRecoveryCodes,
        [.. status.KnownDevices.OrderByDescending(it => it.Value).Select(it => new KnownDeviceResponse(
            it.Key, it.Value, status.RememberedBrowsers.TryGetValue(it.Key, out var until) ? until : null))],
        [.. status.RecentEvents.Reverse().Select(it => new EventResponse(it.At, it.Kind.ToString(), it.Method?.ToString(), it.Repeats))]);
}
