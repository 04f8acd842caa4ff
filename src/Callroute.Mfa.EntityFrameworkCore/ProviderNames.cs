namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The providers that are told apart, by the name that <c>DatabaseFacade.ProviderName</c> gives: no provider's package is needed for that.</summary>
internal static class ProviderNames
{
    public const string Sqlite = "Microsoft.EntityFrameworkCore.Sqlite";
    public const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";
    public const string SqlServer = "Microsoft.EntityFrameworkCore.SqlServer";

    /// <summary>Whether it is one of the providers for MySQL and MariaDB, of which there are several.</summary>
    public static bool IsMySql(string name) => name.EndsWith(".EntityFrameworkCore.MySql", StringComparison.Ordinal) || name == "MySql.EntityFrameworkCore";
}
