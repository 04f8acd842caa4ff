using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A refusal (RFC 9457), with a reason for programs and the text of the field that was refused.</summary>
internal sealed class MfaProblem : ProblemDetails
{
    [Description("The last part of the type, such as `code-refused`.")]
    public required string Reason { get; init; }

    [Description("The texts of the fields of the request that were refused, by the name of the field.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IDictionary<string, string[]>? Errors { get; init; }

    [Description("New recovery codes, if a recovery code was used up although the change was refused.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecoveryCodesResponse? RecoveryCodes { get; init; }

    [Description("New tokens, if a code was accepted although the change was refused.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokensResponse? Tokens { get; set; }

    [Description("After the first factor: the token for the MFA step.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MfaToken { get; init; }

    [Description("The time after which the user must start again.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }
}
