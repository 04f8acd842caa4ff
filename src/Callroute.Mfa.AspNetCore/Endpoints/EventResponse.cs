using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>An audit event.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record EventResponse(DateTimeOffset At, string Kind, string? Method, int Repeats);
