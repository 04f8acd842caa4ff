namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>An application of a template that runs as a process, with a database and a clock.</summary>
internal sealed class TemplateSite : IAsyncDisposable
{
    private readonly WebHost _host;

    private TemplateSite(WebHost host, Database database, ShiftedClock clock, string pages) =>
        (_host, Database, Clock, Pages) = (host, database, clock, pages);

    public Database Database { get; }

    public ShiftedClock Clock { get; }

    /// <summary>The path of Identity's pages.</summary>
    public string Pages { get; }

    // By this name, the browser takes the secure cookies.
    public Uri Address => new UriBuilder(_host.Address) { Host = "localhost" }.Uri;

    /// <summary>Starts the application of a template on a new database.</summary>
    public static async Task<TemplateSite> StartAsync(PackedFeed feed, string template, string engine, bool isStock = false)
    {
        var database = await Database.NewAsync(engine);
        try
        {
            var app = await TemplateApp.GetAsync(feed, template, isStock);
            await database.ExecuteAsync(feed.RunEntityFramework(app.Name, database.ConnectionString, "dbcontext", "script"));
            var folder = feed.NewFolder();
            var clock = new ShiftedClock(folder);
            var host = await WebHost.StartAsync(
                app.Program, folder, app.Folder,
                [
                    .. clock.Variables, ("ConnectionStrings__DefaultConnection", database.ConnectionString),
                    ("ASPNETCORE_ENVIRONMENT", "Development"), ("Logging__LogLevel__Microsoft.EntityFrameworkCore", "Warning"),
                ]);
            return new(host, database, clock, template == "webapp" ? "/Identity/Account" : "/Account");
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return Database.DisposeAsync();
    }
}
