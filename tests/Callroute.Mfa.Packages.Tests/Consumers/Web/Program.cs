using System.Text.Json.Serialization;
using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.QrCode;
using Callroute.Mfa.Sql;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Data.Sqlite;
using Web;

var builder = WebApplication.CreateSlimBuilder(args);
await using var database = SqliteFactory.Instance.CreateDataSource("Data Source=mfa.db");
builder.Services.AddCallrouteMfa(settings => settings.Issuer = "Web").UseDataProtection().UseArgon2().UseQrCodes().UseSql(database, SqlDialect.Sqlite);
builder.Services.AddSingleton<Users>().AddSingleton<IMfaUsers>(services => services.GetRequiredService<Users>());
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.Cookie.SecurePolicy = CookieSecurePolicy.Always);
builder.Services.AddAuthorizationBuilder().AddPolicy("mfa", policy => policy.RequireMfa());
builder.Services.AddHealthChecks().AddCallrouteMfa();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(LoginJson.Default));

var app = builder.Build();
await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync();
app.MapHealthChecks("/health");
app.MapMfaEndpoints("/mfa");
app.MapPost("/login", async (Login login, Users users, MfaSignIn signIn, HttpContext context) =>
    users.FindByPassword(login.Name, login.Password) is { } id ? Results.Text($"{await signIn.BeginAsync(context, new MfaSubject(id))}") : Results.Unauthorized());
app.MapGet("/orders", () => "for who has passed MFA").RequireAuthorization("mfa");
app.Run();

internal sealed record Login(string Name, string Password);

[JsonSerializable(typeof(Login))]
internal sealed partial class LoginJson : JsonSerializerContext;
