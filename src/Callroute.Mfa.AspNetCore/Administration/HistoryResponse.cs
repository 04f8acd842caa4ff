using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The last audit events of a user, the newest first.</summary>
internal sealed record HistoryResponse(
    [property: Description("The newest first, at most 32.")] IReadOnlyList<HistoryEventResponse> Events)
{
    public static HistoryResponse From(MfaStatus status) => new(
    [
        .. status.RecentEvents.Reverse().Select(it => new HistoryEventResponse(
            it.At, it.Kind.ToString(), it.Method?.ToString(), it.AuthenticatorId, it.Reason, it.Repeats)),
    ]);
}

/// <summary>An audit event, with the reason that an administrator gave.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record HistoryEventResponse(
    [property: Description("When it happened.")] DateTimeOffset At,
    [property: Description("What happened, such as `Reset`.")] string Kind,
    [property: Description("The kind of code; null if there was none.")] string? Method,
    [property: Description("The authenticator; null if it concerns none.")] Guid? AuthenticatorId,
    [property: Description("Why; null if there is no reason.")] string? Reason,
    [property: Description("How many more times the same event happened directly before.")] int Repeats);
