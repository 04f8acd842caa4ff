namespace Callroute.Mfa.AspNetCore;

/// <summary>An audit event.</summary>
internal sealed record EventResponse(DateTimeOffset At, string Kind, string? Method, int Repeats);
