using System.Text.Json.Serialization;
using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.MinimalApi;
using Callroute.Mfa.QrCode;
using Callroute.Mfa.Sql;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
var database = SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Mfa")!);

// <registration>
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseQrCodes().UseSql(database, SqlDialect.Sqlite);
builder.Services.AddSingleton<Users>().AddSingleton<IMfaUsers>(services => services.GetRequiredService<Users>());
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(options => options.Cookie.SecurePolicy = CookieSecurePolicy.Always)
    .AddBearerToken();
// </registration>
// <policies>
string[] schemes = [CookieAuthenticationDefaults.AuthenticationScheme, BearerTokenDefaults.AuthenticationScheme];
builder.Services.AddAuthorizationBuilder()
    .SetDefaultPolicy(new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().Build())
    .AddPolicy("mfa", policy => policy.AddAuthenticationSchemes(schemes).RequireMfa())
    .AddPolicy("recent-mfa", policy => policy.AddAuthenticationSchemes(schemes).RequireRecentMfa(TimeSpan.FromMinutes(5)));
// </policies>
// <cors>
builder.Services.AddOptions<CorsOptions>().Configure<IOptions<MfaSignInOptions>>((cors, signIn) => cors.AddDefaultPolicy(policy => policy
    .WithOrigins([.. signIn.Value.AllowedOrigins]).WithHeaders("Authorization", "Content-Type").AllowCredentials()));
// </cors>
builder.Services.AddHealthChecks().AddCallrouteMfa();
builder.Services.AddOpenApi(ApiDescription.Describe);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(ApiJson.Default));

var app = builder.Build();
await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync();

app.UseSameOrigin();
app.UseCors().UseAuthentication().UseAuthorization();
app.MapOpenApi();
app.MapHealthChecks("/health");
app.MapMfaEndpoints("/mfa");

// <login>
app.MapPost("/login", async Task<Results<Ok<Answer>, UnauthorizedHttpResult>> (
    Login login, Users users, MfaSignIn signIn, HttpContext context) => users.FindByPassword(login.Name, login.Password) is { } id
        ? TypedResults.Ok(new Answer(await signIn.BeginAsync(context, new MfaSubject(id))))
        : TypedResults.Unauthorized()).WithName("LogIn").Produces(401);
// </login>
// <token>
app.MapPost("/token", async Task<Results<MfaTokenResult, UnauthorizedHttpResult>> (
    Login login, Users users, MfaSignIn signIn, HttpContext context) => users.FindByPassword(login.Name, login.Password) is { } id
        ? await signIn.BeginTokenAsync(context, new MfaSubject(id))
        : TypedResults.Unauthorized()).WithName("LogInByToken").Produces(401);
// </token>
app.MapPost("/logout", (MfaSignIn signIn, HttpContext context) => signIn.SignOutAsync(context)).WithName("LogOut");

// Endpoints that answer in JSON are refused with 401 or 403, not redirected to a page.
app.MapGet("/me", (HttpContext context) => context.User.Claims.Select(claim => $"{claim.Type}: {claim.Value}"))
    .WithName("GetClaims").RequireAuthorization().Produces(401);
app.MapGet("/orders", () => new Page("For users who have passed MFA."))
    .WithName("GetOrders").RequireAuthorization("mfa").Produces(401).Produces(403);
app.MapPost("/payments", () => new Page("For users who have passed MFA in the last five minutes."))
    .WithName("Pay").RequireAuthorization("recent-mfa").Produces(401).Produces(403);

app.Run();

internal sealed class Login
{
    public string? Name { get; init; }

    public string? Password { get; init; }
}

internal sealed record Answer([property: JsonConverter(typeof(JsonStringEnumConverter<MfaSignInStep>))] MfaSignInStep Next);

internal sealed record Page(string Text);

// Made by the compiler, so that the program can be published trimmed.
[JsonSerializable(typeof(Login))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(IEnumerable<string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
