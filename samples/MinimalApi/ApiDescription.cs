using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Callroute.Mfa.MinimalApi;

/// <summary>Adds to the OpenAPI document what endpoints cannot say themselves: how to sign in, waits and examples.</summary>
internal static class ApiDescription
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["ChallengeRequest"] = """{ "code": "123456" }""",
        ["CodeRequest"] = """{ "code": "123456" }""",
        ["EnrollmentRequest"] = """{ "name": "my phone" }""",
        ["RenameRequest"] = """{ "name": "my new phone" }""",
        ["Login"] = """{ "name": "ann", "password": "correct horse" }""",
        ["VerificationResponse"] = """{ "method": "otp", "recoveryCodes": null, "returnPath": null, "tokens": null }""",
        ["ChallengeResponse"] = """{ "isEnrollment": false, "expiresAt": "2026-11-14T09:40:05+00:00", "rememberBrowserDays": 0 }""",
        ["MfaProblem"] = """
            {
              "type": "urn:callroute:mfa:code-refused", "title": "The code was not accepted.", "status": 400, "reason": "code-refused",
              "errors": { "code": ["Enter the code that your authenticator app shows now, or your whole recovery code."] }
            }
            """,
    };

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Minimal API",
                Version = "1",
                Description = "Sign-in with a password and an authenticator app.",
            };
            document.Servers?.Clear();
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["cookie"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Cookie,
                    Name = ".AspNetCore.Cookies",
                    Description = "The session or the half-signed-in challenge of a browser.",
                },
                ["bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The `accessToken`, or the `mfaToken` for the MFA step and the enrolment.",
                },
            };
            foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values).Where(NeedsSignIn))
            {
                operation.Security = [Requirement("cookie", document), Requirement("bearer", document)];
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var (status, response) in operation.Responses!.Where(response => response.Key is "429" or "503"))
            {
                ((OpenApiResponse)response).Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "The seconds to wait.",
                        Required = status == "503",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                    },
                };
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            schema.Examples = Examples.TryGetValue(context.JsonTypeInfo.Type.Name, out var example)
                ? [JsonNode.Parse(example)!]
                : schema.Examples;
            if (context.JsonPropertyInfo?.Name == "status")
            {
                (schema.Type, schema.Pattern) = (JsonSchemaType.Integer | JsonSchemaType.Null, null);
            }

            return Task.CompletedTask;
        });
    }

    private static bool NeedsSignIn(OpenApiOperation operation) =>
        operation.Responses!.ContainsKey("401") && operation.OperationId is not ("LogIn" or "LogInByToken");

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
