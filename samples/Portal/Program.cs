using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.AspNetCore.Pages;
using Callroute.Portal;
using Callroute.Portal.Components;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("Portal").Get<PortalSettings>(binder => binder.ErrorOnUnknownConfiguration = true)
    ?? new PortalSettings();
Storage.CreateFolder(settings);
var database = Storage.OpenDatabase(settings);

builder.Services.AddSingleton(database).AddSingleton<UserTable>();
builder.Services.AddSingleton<IMfaUsers>(services => services.GetRequiredService<UserTable>());
builder.Services.AddSingleton<Accounts>().AddSingleton<PasswordHasher<PortalUser>>().AddSingleton<PasswordAttempts>();
builder.Services.AddScoped<SessionCheck>();
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UsePortalStore(settings, database);

// The screens of MFA, in the portal's own document. A change of a user's MFA ends their other sessions.
builder.Services.AddMfaPages(pages =>
{
    pages.Layout = typeof(PortalLayout);
    pages.OnChanged = context => context.RequestServices.GetRequiredService<SessionCheck>().EndOthersAsync(context);
});

// The keys encrypt the authenticators' secrets and the cookies: all instances share them, and a backup keeps them. In production keep them
// away from the database and encrypt them: ProtectKeysWith…
builder.Services.AddDataProtection().SetApplicationName("Callroute.Portal")
    .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.Data, "keys")));

builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
{
    options.Cookie.Name = "__Host-portal";
    options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
    options.Cookie.SameSite = SameSiteMode.Lax;
    options.ExpireTimeSpan = TimeSpan.FromHours(8);
    options.LoginPath = "/signin";
    options.ReturnUrlParameter = "returnUrl";
    options.EventsType = typeof(SessionCheck);
});

// Whatever is not marked otherwise is for those who are signed in.
builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
builder.Services.AddHealthChecks().AddCallrouteMfa();
var app = builder.Build();
await Storage.CreateTablesAsync(app.Services);
if (!app.Environment.IsDevelopment())
{
    app.UseHsts();
}

app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/error");
app.UseSecurityHeaders();
app.UseRequestLocalization("en", "de", "fr", "es", "he");

// UseSameOrigin says why there are no antiforgery tokens.
app.UseSameOrigin();
app.UseAuthentication();
app.UseAuthorization();
app.MapStaticAssets().AllowAnonymous();
app.MapHealthChecks("/health").AllowAnonymous();
app.MapPortalPages();
app.MapMfaPages("/profile/security");
await app.StartAsync();
Console.WriteLine($"Portal: {string.Join(", ", app.Urls)}");
if (app.Environment.IsDevelopment())
{
    await app.Services.GetRequiredService<Accounts>().RegisterAsync("demo@example.com", "Demo User", "let me try this portal");
    Console.WriteLine("Sign in as demo@example.com with the password \"let me try this portal\", or register.");
}

await app.WaitForShutdownAsync();
