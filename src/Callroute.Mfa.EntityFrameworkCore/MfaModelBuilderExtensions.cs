using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Adds the table of Callroute.Mfa to a model.</summary>
public static class MfaModelBuilderExtensions
{
    private const int MaximumNameLength = 63;

    /// <summary>Adds <see cref="MfaRecordRow"/> to the model, as the table that <c>Callroute.Mfa.Sql</c> uses too.</summary>
    /// <remarks>
    /// Ids are compared byte by byte on every provider, whatever the database's collation: text under collation <c>C</c> on
    /// PostgreSQL and <c>BINARY</c> on SQLite, UTF-16 bytes on SQL Server, UTF-8 bytes on MySQL, MariaDB and every provider
    /// that is not known here. Where the model converts or collates strings by convention, these columns stay as they are.
    /// </remarks>
    /// <param name="modelBuilder">The builder that <see cref="DbContext.OnModelCreating"/> was given.</param>
    /// <param name="database">The context's <see cref="DbContext.Database"/>: its provider decides the columns' types.</param>
    /// <param name="tableName">The table: 1–63 characters; the default is <c>callroute_mfa</c>.</param>
    /// <param name="schema">The schema; where null the model's default schema, else the database's.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The table's name is empty or too long, or the schema is empty.</exception>
    /// <exception cref="InvalidOperationException">The context has no provider.</exception>
    public static ModelBuilder AddCallrouteMfa(this ModelBuilder modelBuilder, DatabaseFacade database, string tableName = "callroute_mfa", string? schema = null)
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
            throw new ArgumentException($"Must be 1–{MaximumNameLength} characters long, was {tableName.Length}.", nameof(tableName));
        }

        if (schema is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        }
    }
}
