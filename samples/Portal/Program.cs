using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.AspNetCore.Pages;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Portal;
using Callroute.Portal.Components;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("Portal").Get<PortalSettings>(binder => binder.ErrorOnUnknownConfiguration = true)!;
Storage.CreateFolder(settings);
var database = Storage.OpenDatabase(settings);

builder.Services.AddSingleton(settings).AddSingleton(database).AddSingleton<UserTable>();
builder.Services.AddSingleton<IMfaUsers>(services => services.GetRequiredService<UserTable>());
builder.Services.AddSingleton<Accounts>().AddSingleton<PasswordHasher<PortalUser>>().AddSingleton<PasswordAttempts>()
    .AddScoped<SessionCheck>();
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UsePortalStore(settings, database);

// The screens of MFA, in the portal's own document. A change of a user's MFA ends their other sessions.
builder.Services.AddMfaPages(pages =>
{
    pages.Layout = typeof(PortalLayout);
    pages.OnChanged = context => context.RequestServices.GetRequiredService<SessionCheck>().EndOthersAsync(context);
});

// All instances share the keys, and a backup keeps them. In production keep them away from the database and encrypt them: ProtectKeysWith…
builder.Services.AddDataProtection().SetApplicationName("Callroute.Portal")
    .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.Data, "keys")));

builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
{
    options.Cookie.Name = "__Host-portal";
    options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
    options.ExpireTimeSpan = TimeSpan.FromHours(8);
    options.LoginPath = "/signin";
    options.AccessDeniedPath = "/profile/security/step-up";
    options.EventsType = typeof(SessionCheck);
});

// Whatever is not marked otherwise is for those who are signed in.
builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
    .AddPolicy("administrator", policy => policy.RequireClaim("portal", "administrator").RequireRecentMfa(TimeSpan.FromMinutes(10)));
builder.Services.AddHealthChecks().AddCallrouteMfa();
var app = builder.Build();
// In production a migration creates the tables.
await app.Services.GetRequiredService<UserTable>().CreateAsync();
await (app.Services.GetRequiredService<IMfaStore>() is SqlMfaStore store ? store.CreateTableAsync() : Task.CompletedTask);
app.UseHsts();
app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/error");
app.Use((context, next) =>
{
    // The referrer is not "no-referrer", with which browsers call the origin of a form null. Static files have another cache control.
    var headers = context.Response.Headers;
    (headers.XContentTypeOptions, headers.CacheControl, headers["Referrer-Policy"]) = ("nosniff", "no-store", "same-origin");
    headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";
    return next(context);
});
app.UseRequestLocalization("en", "de", "fr", "es", "he");

// UseSameOrigin says why there are no antiforgery tokens.
app.UseSameOrigin();
app.UseAuthentication();
app.UseAuthorization();
app.MapStaticAssets().AllowAnonymous();
app.MapHealthChecks("/health").AllowAnonymous();
app.MapPortalPages();
app.MapMfaPages("/profile/security", administration: "administrator");
app.MapMfaAdministration("/administration", "administrator");
app.MapPost("/administration/require/{id}", (string id, UserTable users) => users.SetPolicyAsync(id, MfaPolicy.Required))
    .RequireAuthorization("administrator");
await app.StartAsync();
Console.WriteLine($"Portal: {string.Join(", ", app.Urls)}");
if (app.Environment.IsDevelopment())
{
    await app.Services.GetRequiredService<Accounts>().RegisterAsync("demo@example.com", "Demo User", "let me try this portal");
    Console.WriteLine("Sign in as demo@example.com with the password \"let me try this portal\", or register.");
}

await app.WaitForShutdownAsync();
