using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Mfa.AspNetCore;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChallengeRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(ChangeResponse))]
[JsonSerializable(typeof(CodeRequest))]
[JsonSerializable(typeof(ConfirmationResponse))]
[JsonSerializable(typeof(EnrollmentRequest))]
[JsonSerializable(typeof(EnrollmentResponse))]
[JsonSerializable(typeof(FindRequest))]
[JsonSerializable(typeof(FoundUsersResponse))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(RecoveryCodesResponse))]
[JsonSerializable(typeof(RenameRequest))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(UserStatusResponse))]
[JsonSerializable(typeof(VerificationResponse))]
internal sealed partial class MfaJson : JsonSerializerContext;
