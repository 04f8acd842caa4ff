using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>An application that a template of the SDK makes. It is built once.</summary>
/// <param name="Name">Its namespace.</param>
/// <param name="Folder">The folder of its project.</param>
/// <param name="Program">The path of its program.</param>
internal sealed record TemplateApp(string Name, string Folder, string Program)
{
    private const string Package = "Callroute.Mfa.AspNetCore.Identity";
    private const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";

    private static readonly string[] ApiPackages =
    [
        "Microsoft.AspNetCore.Identity.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Design", "Microsoft.EntityFrameworkCore.Sqlite",
    ];

    // The smallest API that signs users in by Identity; no template makes it.
    private const string Api = """
        using Microsoft.AspNetCore.Identity;
        using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore;

        var builder = WebApplication.CreateBuilder(args);
        var connectionString = builder.Configuration.GetConnectionString("DefaultConnection");
        builder.Services.AddDbContext<ApplicationDbContext>(options => options.UseSqlite(connectionString));
        builder.Services.AddAuthorization();
        builder.Services.AddIdentityApiEndpoints<IdentityUser>()
            .AddEntityFrameworkStores<ApplicationDbContext>();

        var app = builder.Build();
        app.MapIdentityApi<IdentityUser>();
        app.Run();

        public class ApplicationDbContext(DbContextOptions<ApplicationDbContext> options) : IdentityDbContext(options)
        {
        }
        """;

    private const string Clock = """
        public sealed class ShiftedClock : TimeProvider
        {
            private long _shift;

            public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

            public void Advance(TimeSpan time) => Interlocked.Add(ref _shift, time.Ticks);
        }
        """;

    private static readonly ConcurrentDictionary<string, Lazy<Task<TemplateApp>>> Apps = new(StringComparer.Ordinal);

    /// <summary>Whether it has a migration with our table.</summary>
    public bool HasMigration => Name == "WebappApp";

    /// <summary>Gets an application, and builds it for the first test that needs it.</summary>
    /// <param name="feed">The packages.</param>
    /// <param name="template"><c>webapp</c>, <c>blazor</c> or <c>api</c>.</param>
    /// <param name="isStock">Whether it stays without our package.</param>
    public static Task<TemplateApp> GetAsync(PackedFeed feed, string template, bool isStock = false)
    {
        var name = $"{char.ToUpperInvariant(template[0])}{template[1..]}{(isStock ? "Stock" : "App")}";
        return Apps.GetOrAdd(name, _ => new(() => Task.Run(() => Build(feed, template, name, isStock)))).Value;
    }

    private static TemplateApp Build(PackedFeed feed, string template, string name, bool isStock)
    {
        string[] packages = isStock ? [PostgreSql] : [PostgreSql, Package];
        var folder = template == "api"
            ? feed.AddTemplate(name, ["web"], [.. ApiPackages, .. packages])
            : feed.AddTemplate(name, [template, "--auth", "Individual"], packages);
        var app = new TemplateApp(name, folder, Path.Combine(folder, "bin", "Release", "net10.0", name));
        if (template == "api")
        {
            File.WriteAllText(Path.Combine(folder, "Program.cs"), Api);
        }

        app.AddSettingOfTheTests();
        if (!isStock)
        {
            app.AddMfa(
                template == "blazor" ? ".AddDefaultTokenProviders()" : ".AddEntityFrameworkStores<ApplicationDbContext>()",
                template == "api" ? "Program.cs" : Path.Combine("Data", "ApplicationDbContext.cs"));
        }

        feed.Build(name);
        if (app.HasMigration)
        {
            app.AddMigration(feed);
        }

        return app;
    }

    // One build for both databases, a clock that a test moves forward, and a look at the claims of a session.
    private void AddSettingOfTheTests()
    {
        File.WriteAllText(Path.Combine(Folder, "ShiftedClock.cs"), Clock);
        Change(
            "Program.cs",
            "options.UseSqlite(connectionString)",
            "_ = connectionString!.StartsWith(\"Host=\") ? options.UseNpgsql(connectionString) : options.UseSqlite(connectionString)");
        Change(
            "Program.cs",
            "var app =",
            "var clock = new ShiftedClock();\nbuilder.Services.AddSingleton<TimeProvider>(clock);\nvar app =");
        Change(
            "Program.cs",
            "app.Run();",
            """
            app.MapPost("/clock/{seconds}", (int seconds) => clock.Advance(TimeSpan.FromSeconds(seconds)));
            app.MapGet("/claims", (HttpContext context) => context.User.Claims.Select(claim => $"{claim.Type}: {claim.Value}"))
                .RequireAuthorization();
            app.Run();
            """);
    }

    /// <summary>What the documentation tells to do.</summary>
    /// <param name="last">The last call to the builder of Identity.</param>
    /// <param name="context">The file of the <c>DbContext</c>.</param>
    private void AddMfa(string last, string context)
    {
        Change("Program.cs", last, $"{last}.AddCallrouteMfa()");
        Use("Callroute.Mfa.AspNetCore.Identity", "Program.cs", before: "Microsoft.AspNetCore.Identity");
        Change(
            context,
            "(options)\n{\n}",
            """
            (options)
            {
                protected override void OnModelCreating(ModelBuilder builder)
                {
                    base.OnModelCreating(builder);
                    builder.AddCallrouteMfa(Database);
                }
            }
            """);
        Use("Callroute.Mfa.EntityFrameworkCore", context, before: "Microsoft.EntityFrameworkCore");
    }

    private void Use(string ours, string file, string before) => Change(file, $"using {before};", $"using {ours};\nusing {before};");

    // As a newcomer does it. The other applications get their tables from the model, which takes half the time.
    private void AddMigration(PackedFeed feed)
    {
        feed.RunEntityFramework(Name, "Data Source=app.db", "migrations", "add", "AddMfa");
        var migration = File.ReadAllText(Assert.Single(Directory.GetFiles(Folder, "*_AddMfa.cs", SearchOption.AllDirectories)));
        var operations = Regex.Matches(migration, @"migrationBuilder\.(\w+)").Select(match => match.Groups[1].Value);
        Assert.Equal(["CreateTable", "DropTable"], operations);
        feed.Build(Name);
    }

    private void Change(string file, string old, string replacement)
    {
        var path = Path.Combine(Folder, file);
        var parts = File.ReadAllText(path).ReplaceLineEndings("\n").Split(old);
        Assert.True(parts.Length == 2, $"'{old}' is {parts.Length - 1} times in {file} of the template.");
        File.WriteAllText(path, string.Join(replacement, parts));
    }
}
