namespace Callroute.Mfa.AspNetCore;

/// <summary>What is known about the user's MFA.</summary>
internal sealed record StatusResponse(
    bool IsEnabled,
    IReadOnlyList<AuthenticatorResponse> Authenticators,
    int RecoveryCodesLeft,
    bool AreRecoveryCodesAcknowledged,
    bool HasPendingRecoveryCodes,
    IReadOnlyList<EventResponse> RecentEvents)
{
    public static StatusResponse From(MfaStatus status) => new(
        status.IsEnabled,
        [.. status.Authenticators.Select(authenticator => new AuthenticatorResponse(authenticator.Id, authenticator.Name, authenticator.CreatedAt, authenticator.LastUsedAt))],
        status.RecoveryCodesLeft,
        status.AreRecoveryCodesAcknowledged,
        status.HasPendingRecoveryCodes,
        [.. status.RecentEvents.Reverse().Select(happened => new EventResponse(happened.At, happened.Kind.ToString(), happened.Method?.ToString(), happened.Repeats))]);
}
