using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Adds the table of Callroute.Mfa to a model.</summary>
public static class MfaModelBuilderExtensions
{
    private const int MaximumNameLength = 63;

    /// <summary>Adds <see cref="MfaRecordRow"/> to the model. <c>Callroute.Mfa.Sql</c> uses the same table.</summary>
    /// <remarks>
    /// The columns hold ids in a form that every provider compares byte by byte, independent of the database's collation: text with
    /// collation <c>C</c> on PostgreSQL and <c>BINARY</c> on SQLite, UTF-16 bytes on SQL Server, UTF-8 bytes on MySQL, MariaDB and every
    /// other provider. Conventions of the model for converters and collations do not change these columns.
    /// </remarks>
    /// <param name="modelBuilder">The argument of your <see cref="DbContext.OnModelCreating"/>.</param>
    /// <param name="database">The context's <see cref="DbContext.Database"/>. Its provider determines the types of the columns.</param>
    /// <param name="tableName">The name of the table, 1–63 characters; the default is <c>callroute_mfa</c>.</param>
    /// <param name="schema">The schema; null for the default schema of the model or, without one, of the database.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument other than the schema is null.</exception>
    /// <exception cref="ArgumentException">The name of the table is empty or too long, or the schema is empty.</exception>
    /// <exception cref="InvalidOperationException">The context has no provider.</exception>
    public static ModelBuilder AddCallrouteMfa(
        this ModelBuilder modelBuilder, DatabaseFacade database, string tableName = "callroute_mfa", string? schema = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentNullException.ThrowIfNull(database);
        CheckNames(tableName, schema);
        var provider = database.ProviderName ?? throw new InvalidOperationException("The context has no database provider.");
        modelBuilder.Entity<MfaRecordRow>(row => TableMapping.For(provider).Apply(row, tableName, schema));
        return modelBuilder;
    }

    private static void CheckNames(string tableName, string? schema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tableName);
        if (tableName.Length > MaximumNameLength)
        {
            throw new ArgumentException(
                $"The name of the table must be 1–{MaximumNameLength} characters long, was {tableName.Length}.", nameof(tableName));
        }

        if (schema is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        }
    }
}
