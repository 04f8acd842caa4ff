using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.QrCode;
using Callroute.Portal;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

var (options, words) = CommandLine.Split(args);
var verb = words.Length == 0 ? null : CommandLine.Parse(words);
if (verb is { Action: not null })
{
    // Help, or what is wrong with the words.
    return await verb.InvokeAsync();
}

var builder = WebApplication.CreateBuilder(options);
var settings = builder.Configuration.GetSection("Portal").Get<PortalSettings>(binder => binder.ErrorOnUnknownConfiguration = true)
    ?? new PortalSettings();
Storage.CreateFolder(settings);
var database = Storage.OpenDatabase(settings);

builder.Services.AddSingleton(database).AddSingleton<UserTable>();
builder.Services.AddSingleton<IMfaUsers>(services => services.GetRequiredService<UserTable>());
builder.Services.AddSingleton<Accounts>().AddSingleton<PasswordHasher<PortalUser>>().AddSingleton<PasswordAttempts>();
builder.Services.AddScoped<SessionCheck>();
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseQrCodes().UsePortalStore(settings, database);

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

// UseSameOrigin says why there are no antiforgery tokens.
builder.Services.AddRazorPages(options => options.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute()));
builder.Services.Configure<RouteOptions>(options => options.LowercaseUrls = true);

var app = builder.Build();
await Storage.CreateTablesAsync(app.Services);
if (verb is not null)
{
    return await Administration.RunAsync(app.Services, verb, Console.In, Console.Out);
}

if (!app.Environment.IsDevelopment())
{
    app.UseHsts();
}

app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/error");
app.UseSecurityHeaders();
app.UseSameOrigin();
app.UseAuthentication();
app.UseAuthorization();
app.MapStaticAssets().AllowAnonymous();
app.MapHealthChecks("/health").AllowAnonymous();
app.MapRazorPages();
await app.StartAsync();
await Demonstration.PrepareAsync(app);
await app.WaitForShutdownAsync();
return 0;
