namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The known values of <c>DatabaseFacade.ProviderName</c>. Comparing names avoids references to the providers' packages.</summary>
internal static class ProviderNames
{
    public const string Sqlite = "Microsoft.EntityFrameworkCore.Sqlite";
    public const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";
    public const string SqlServer = "Microsoft.EntityFrameworkCore.SqlServer";

    /// <summary>Whether the name is one of the several providers for MySQL and MariaDB.</summary>
    public static bool IsMySql(string name) =>
        name.EndsWith(".EntityFrameworkCore.MySql", StringComparison.Ordinal) || name == "MySql.EntityFrameworkCore";
}
