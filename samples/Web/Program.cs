using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.AspNetCore.Pages;
using Callroute.Mfa.MinimalApi;
using Callroute.Mfa.Sql;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Data.Sqlite;

var builder = WebApplication.CreateBuilder(args);
var database = SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Mfa")!);
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseSql(database, SqlDialect.Sqlite);
builder.Services.AddMfaPages();
builder.Services.AddSingleton<Users>().AddSingleton<IMfaUsers>(services => services.GetRequiredService<Users>());
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.LoginPath = "/login");

var app = builder.Build();
await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync();
app.UseSameOrigin();
app.MapMfaPages("/account/security");
app.MapPost("/login", async (HttpContext context, Users users, MfaSignIn signIn) =>
    users.FindByPassword(context.Request.Form["name"], context.Request.Form["password"]) is not { } id ? Results.Redirect("/login")
    : await signIn.BeginAsync(context, new MfaSubject(id)) == MfaSignInStep.SignedIn ? Results.Redirect("/")
    : Results.Redirect("/account/security/sign-in"));

// Your own pages.
app.MapGet("/", () => Results.Redirect("/account/security"));
app.MapGet("/login", () => Results.Content(
    """
    <!DOCTYPE html><title>Sign in</title><form method="post">
    <input name="name" placeholder="Name"> <input name="password" type="password" placeholder="Password"> <button>Sign in</button></form>
    """,
    "text/html"));
app.Run();
