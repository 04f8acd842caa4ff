namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>An application of a template that runs as a process, with a database and a clock.</summary>
internal sealed class TemplateSite : IAsyncDisposable
{
    private readonly WebHost _host;

    private readonly bool _isStock;
    private TimeSpan _shift;

    private TemplateSite(WebHost host, Database database, string template, bool isStock) =>
        (_host, Database, Pages, _isStock) = (host, database, template == "webapp" ? "/Identity/Account" : "/Account", isStock);

    public Database Database { get; }

    /// <summary>The path of Identity's pages.</summary>
    public string Pages { get; }

    /// <summary>The time that codes are compared with. Stock Identity takes the system's, whatever clock the application has.</summary>
    public DateTimeOffset CodeTime => DateTimeOffset.UtcNow + (_isStock ? TimeSpan.Zero : _shift);

    // By this name, the browser takes the secure cookies.
    public Uri Address => new UriBuilder(_host.Address) { Host = "localhost" }.Uri;

    /// <summary>Starts the application of a template on a new database.</summary>
    /// <param name="feed">The packages.</param>
    /// <param name="template">As for <see cref="TemplateApp.GetAsync"/>.</param>
    /// <param name="engine">An engine of <see cref="Database"/>.</param>
    /// <param name="isStock">Whether the application stays without our package.</param>
    /// <param name="recoveryCodes">How many a user of our package gets.</param>
    public static async Task<TemplateSite> StartAsync(
        PackedFeed feed, string template, string engine, bool isStock = false, int recoveryCodes = 10)
    {
        var database = await Database.NewAsync(engine);
        try
        {
            var app = await TemplateApp.GetAsync(feed, template, isStock);
            await AddTablesAsync(feed, app, database);
            var folder = feed.NewFolder();
            var host = await WebHost.StartAsync(
                app.Program, folder, app.Folder,
                [
                    ("ConnectionStrings__DefaultConnection", database.ConnectionString),
                    ("ASPNETCORE_ENVIRONMENT", "Development"), ("Logging__LogLevel__Microsoft.EntityFrameworkCore", "Warning"),
                    ("Callroute__Mfa__Recovery__Count", $"{recoveryCodes}"),
                ]);
            return new(host, database, template, isStock);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    // The templates have migrations for SQLite only.
    private static async Task AddTablesAsync(PackedFeed feed, TemplateApp app, Database database)
    {
        if (app.HasMigration && database.Engine == Database.Sqlite)
        {
            feed.RunEntityFramework(app.Name, database.ConnectionString, "database", "update");
        }
        else
        {
            await database.ExecuteAsync(feed.RunEntityFramework(app.Name, database.ConnectionString, "dbcontext", "script"));
        }
    }

    /// <summary>Moves the application's clock forward.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        using var client = new CookieClient(Address);
        await client.PostAndReadAsync($"/clock/{(int)time.TotalSeconds}", new { });
        _shift += time;
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return Database.DisposeAsync();
    }
}
