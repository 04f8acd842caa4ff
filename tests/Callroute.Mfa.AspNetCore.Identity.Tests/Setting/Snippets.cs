using Callroute.Mfa.EntityFrameworkCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

/// <summary>The code of docs/getting-started/identity.md and of docs/upgrading-from-identity.md.</summary>
internal sealed class ApplicationDbContext(DbContextOptions<ApplicationDbContext> options) : IdentityDbContext(options)
{
    // <context>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.AddCallrouteMfa(Database);
    }
    // </context>

    public static void Add(WebApplicationBuilder builder)
    {
        // <program>
        builder.Services.AddDefaultIdentity<IdentityUser>(options => options.SignIn.RequireConfirmedAccount = true)
            .AddEntityFrameworkStores<ApplicationDbContext>()
            .AddCallrouteMfa();
        // </program>
    }

    public static void AddWithRole(WebApplicationBuilder builder)
    {
        // <required>
        builder.Services.AddDefaultIdentity<IdentityUser>(options => options.SignIn.RequireConfirmedAccount = true)
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<ApplicationDbContext>()
            .AddCallrouteMfa(options => options.RequiredRole = "Administrator");
        // </required>
    }

    public static void AddAndKeepRows(WebApplicationBuilder builder)
    {
        // <keep>
        builder.Services.AddDefaultIdentity<IdentityUser>(options => options.SignIn.RequireConfirmedAccount = true)
            .AddEntityFrameworkStores<ApplicationDbContext>()
            .AddCallrouteMfa(options => options.KeepIdentityRows = true);
        // </keep>
    }

    public static async Task RunAsync(WebApplication app, string[] args)
    {
        // <command>
        if (await app.RunMfaCommandAsync(args))
        {
            return;
        }
        // </command>

        await app.RunAsync();
    }
}
