using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>An audit event.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record EventResponse(
    [property: Description("When it happened.")] DateTimeOffset At,
    [property: Description("What happened, such as `Accepted`.")] string Kind,
    [property: Description("The kind of code; null if there was none.")] string? Method,
    [property: Description("How many more times the same event happened directly before.")] int Repeats);
