using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.QrCode;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Shop;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContextFactory<ShopDb>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Shop")));
builder.Services.AddCallrouteMfa().UseDataProtection().UseArgon2().UseQrCodes().UseEntityFramework<ShopDb>();
builder.Services.AddSingleton<IMfaUsers, ShopUsers>();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(options => options.LoginPath = "/account/login");
builder.Services.AddControllersWithViews();

var app = builder.Build();
await using var db = await app.Services.GetRequiredService<IDbContextFactory<ShopDb>>().CreateDbContextAsync();
await db.Database.EnsureCreatedAsync();   // in production: migrations

app.UseSameOrigin();
app.MapControllerRoute("default", "{controller}/{action=Index}/{id?}");
app.MapGet("/", () => "Orders").RequireAuthorization();
app.Run();
