using System.Data.Common;

namespace Callroute.Mfa.Sql;

/// <summary>Registers the SQL store.</summary>
public static class SqlBuilderExtensions
{
    /// <summary>Stores records in a SQL database.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">The source of connections to the database. The caller owns and disposes it.</param>
    /// <param name="dialect">The engine of the database.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IMfaBuilder UseSql(
        this IMfaBuilder builder, DbDataSource dataSource, SqlDialect dialect, SqlMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(_ => new SqlMfaStore(dataSource, dialect, options));
    }
}
