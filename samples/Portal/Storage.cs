using System.Data.Common;
using Callroute.Mfa;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Microsoft.Data.Sqlite;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Portal;

/// <summary>Opens what the setting names. In an application of your own only one of these lines is left.</summary>
internal static class Storage
{
    /// <summary>Creates the folder of the database and the keys, for nobody but the portal's own account.</summary>
    public static void CreateFolder(PortalSettings settings)
    {
        Directory.CreateDirectory(settings.Data);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public static DbDataSource OpenDatabase(PortalSettings settings) => settings.Store == PortalStore.Postgres
        ? NpgsqlDataSource.Create(ConnectionString(settings))
        : SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(settings.Data, "portal.db")}");

    public static IMfaBuilder UsePortalStore(this IMfaBuilder mfa, PortalSettings settings, DbDataSource database) => settings.Store switch
    {
        PortalStore.Postgres => mfa.UseSql(database, SqlDialect.PostgreSql),
        PortalStore.Redis => mfa.UseRedis(ConnectionMultiplexer.Connect(ConnectionString(settings))),
        _ => mfa.UseSql(database, SqlDialect.Sqlite),
    };

    private static string ConnectionString(PortalSettings settings) =>
        settings.ConnectionString ?? throw new InvalidOperationException($"Portal:ConnectionString of {settings.Store} is missing.");
}
