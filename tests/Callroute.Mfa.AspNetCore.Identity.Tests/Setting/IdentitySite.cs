using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

/// <summary>An application with Identity's pages and endpoints, on SQLite, with a clock that a test moves.</summary>
internal sealed class IdentitySite : IAsyncDisposable
{
    public const string Password = "Correct-horse-1";
    public const string Ann = "ann@example.com";

    private readonly string _folder;
    private readonly bool _ownsFolder;

    private WebApplication? _app;

    private IdentitySite(IdentitySite? neighbour)
    {
        _ownsFolder = neighbour is null;
        _folder = neighbour?._folder ?? Directory.CreateTempSubdirectory("callroute-identity-").FullName;
        Clock = neighbour?.Clock ?? new Clock();
    }

    public Clock Clock { get; }

    public IServiceProvider Services => _app!.Services;

    public MfaService Mfa => Services.GetRequiredService<MfaService>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts an application as the template makes it, with the one line.</summary>
    public static Task<IdentitySite> StartAsync(
        Action<IdentityMfaOptions>? mfa = null,
        Action<IEndpointRouteBuilder>? map = null,
        Dictionary<string, string?>? settings = null) =>
        StartAsync<UserContext>(
            services => services.AddDefaultIdentity<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<UserContext>()
                .AddCallrouteMfa(mfa),
            map,
            settings);

    /// <summary>Starts an API.</summary>
    public static Task<IdentitySite> StartApiAsync(Action<IdentityMfaOptions>? mfa = null, ILoggerProvider? log = null) =>
        StartAsync<UserContext>(
            services => services.AddLogging(logging => _ = log is null ? null : logging.AddProvider(log))
                .AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<UserContext>().AddCallrouteMfa(mfa),
            app => app.MapIdentityApi<IdentityUser>());

    /// <summary>Starts Identity without this package.</summary>
    public static Task<IdentitySite> StartPlainAsync() => StartAsync<UserContext>(
        services => services.AddDefaultIdentity<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<UserContext>());

    /// <summary>Starts another server on the same database, with this package.</summary>
    public Task<IdentitySite> StartNextAsync(Action<IdentityMfaOptions>? mfa = null, Action<IServiceCollection>? change = null) =>
        StartAsync<UserContext>(
            services =>
            {
                services.AddDefaultIdentity<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<UserContext>()
                    .AddCallrouteMfa(mfa);
                change?.Invoke(services);
            },
            neighbour: this);

    public static async Task<IdentitySite> StartAsync<TContext>(
        Action<IServiceCollection> addIdentity,
        Action<IEndpointRouteBuilder>? map = null,
        Dictionary<string, string?>? settings = null,
        IdentitySite? neighbour = null)
        where TContext : DbContext
    {
        var site = new IdentitySite(neighbour);
        try
        {
            await site.RunAsync<TContext>(addIdentity, map, settings ?? []);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public Browser Open(string address = "https://localhost") => new(this, _app!.GetTestServer().CreateHandler(), address);

    /// <summary>Runs in a scope of its own, as another request or a program of the operator would.</summary>
    public async Task<T> InScopeAsync<T>(Func<UserManager<IdentityUser>, IdentityUser, Task<T>> run, string name = Ann)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        return await run(users, (await users.FindByNameAsync(name))!);
    }

    /// <summary>Breaks something in the database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UserContext>().Database.ExecuteSqlRawAsync(sql, Token);
    }

    public async Task AddRoleAsync(string name)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole(name));
    }

    public async Task<MfaSubject> SubjectAsync() => new(await InScopeAsync((_, user) => Task.FromResult(user.Id)));

    /// <summary>Reads the status of the user.</summary>
    public async Task<MfaStatus> StatusAsync() => await Mfa.GetStatusAsync(await SubjectAsync(), Token);

    public async Task<bool> IsEnrolledAsync() => await InScopeAsync((_, user) => Task.FromResult(user.TwoFactorEnabled));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_ownsFolder)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task RunAsync<TContext>(
        Action<IServiceCollection> addIdentity, Action<IEndpointRouteBuilder>? map, Dictionary<string, string?> settings)
        where TContext : DbContext
    {
        var name = typeof(IdentitySite).Assembly.GetName().Name;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = name });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<TContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
        builder.Services.Configure<MfaOptions>(options =>   // on a busy machine
            (options.CallTimeout, options.Recovery.MaximumHashWait) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        builder.Services.AddRazorPages();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<IRecoveryCodeHasher>(new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1));
        addIdentity(builder.Services);
        _app = builder.Build();
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<TContext>().Database.EnsureCreatedAsync(Token);
        }

        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapRazorPages();
        _app.MapGet("/", () => "home");
        _app.MapGet("/secret", () => "secret").RequireAuthorization();
        _app.MapGet("/me", (HttpContext context) => context.User.Claims.Select(claim => $"{claim.Type}: {claim.Value}"));
        map?.Invoke(_app);
        await _app.StartAsync(Token);
    }
}
