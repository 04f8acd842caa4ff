namespace Callroute.Mfa.AspNetCore;

/// <summary>The last audit events of a user, the newest first.</summary>
internal sealed record HistoryResponse(IReadOnlyList<HistoryEventResponse> Events)
{
    public static HistoryResponse From(MfaStatus status) => new(
    [
        .. status.RecentEvents.Reverse().Select(it => new HistoryEventResponse(
            it.At, it.Kind.ToString(), it.Method?.ToString(), it.AuthenticatorId, it.Reason, it.Repeats)),
    ]);
}

/// <summary>An audit event, with the reason that an administrator gave.</summary>
internal sealed record HistoryEventResponse(
    DateTimeOffset At, string Kind, string? Method, Guid? AuthenticatorId, string? Reason, int Repeats);
