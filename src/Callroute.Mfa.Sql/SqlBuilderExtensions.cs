using System.Data.Common;

namespace Callroute.Mfa.Sql;

/// <summary>Chooses the store of this package.</summary>
public static class SqlBuilderExtensions
{
    /// <summary>Keeps records in a SQL database.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">The database, which stays the caller's.</param>
    /// <param name="dialect">Its engine.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseSql(this IMfaBuilder builder, DbDataSource dataSource, SqlDialect dialect, SqlMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(_ => new SqlMfaStore(dataSource, dialect, options));
    }
}
