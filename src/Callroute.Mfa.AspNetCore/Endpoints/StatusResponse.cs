using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The status of the user's MFA.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record StatusResponse(
    [property: Description("Whether the user has MFA.")] bool IsEnabled,
    [property: Description("The authenticators.")] IReadOnlyList<AuthenticatorResponse> Authenticators,
    [property: Description("How many recovery codes are unused.")] int RecoveryCodesLeft,
    [property: Description("When the recovery codes were made; null if there are none.")] DateTimeOffset? RecoveryCodesCreatedAt,
    [property: Description("Whether the user has said that they are saved.")] bool AreRecoveryCodesAcknowledged,
    [property: Description("Whether new recovery codes wait until the user says that they are saved.")] bool HasPendingRecoveryCodes,
    [property: Description("The known devices, the last used one first.")] IReadOnlyList<KnownDeviceResponse> KnownDevices,
    [property: Description("The last audit events, the newest first.")] IReadOnlyList<EventResponse> RecentEvents)
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
