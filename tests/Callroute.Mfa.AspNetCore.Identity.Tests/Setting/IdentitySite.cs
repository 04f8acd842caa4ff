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

    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-identity-").FullName;

    private WebApplication? _app;

    public Clock Clock { get; } = new();

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

    public static async Task<IdentitySite> StartAsync<TContext>(
        Action<IServiceCollection> addIdentity, Action<IEndpointRouteBuilder>? map = null, Dictionary<string, string?>? settings = null)
        where TContext : DbContext
    {
        var site = new IdentitySite();
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

    public Browser Open() => new(this, _app!.GetTestServer().CreateHandler());

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

    /// <summary>What the record of the user says.</summary>
    public async Task<MfaStatus> StatusAsync() => await Mfa.GetStatusAsync(await SubjectAsync(), Token);

    public async Task<bool> IsEnrolledAsync() => await InScopeAsync((_, user) => Task.FromResult(user.TwoFactorEnabled));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync<TContext>(
        Action<IServiceCollection> addIdentity, Action<IEndpointRouteBuilder>? map, Dictionary<string, string?> settings)
        where TContext : DbContext
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(IdentitySite).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<TContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
        builder.Services.Configure<MfaOptions>(options => options.CallTimeout = TimeSpan.FromMinutes(1));   // on a busy machine
        builder.Services.AddRazorPages();
        builder.Services.AddAuthorization();
        addIdentity(builder.Services);
        builder.Services.AddSingleton<IRecoveryCodeHasher>(new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1));
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
