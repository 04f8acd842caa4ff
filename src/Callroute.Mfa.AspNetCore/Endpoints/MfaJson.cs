using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Mfa.AspNetCore;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AccessTokenResponse))]
[JsonSerializable(typeof(ChallengeRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(ChangeResponse))]
[JsonSerializable(typeof(CodeRequest))]
[JsonSerializable(typeof(ConfirmationResponse))]
[JsonSerializable(typeof(EnrollmentRequest))]
[JsonSerializable(typeof(EnrollmentResponse))]
[JsonSerializable(typeof(MfaProblem))]
[JsonSerializable(typeof(FindRequest))]
[JsonSerializable(typeof(FoundUsersResponse))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(RecoveryCodesResponse))]
[JsonSerializable(typeof(RenameRequest))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(TokensResponse))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(UserStatusResponse))]
[JsonSerializable(typeof(VerificationResponse))]
internal sealed partial class MfaJson : JsonSerializerContext;
