using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>
/// Refuses a context that shares its connection, because the owner of that connection could roll the store's writes back.
/// </summary>
internal static class FreshContext
{
    private const string Remedy = "Give the store a factory that configures a connection string or a data source, not an open connection."
        + " SQLite in memory can be shared by name (Mode=Memory;Cache=Shared).";

    public static void Check(DbContext context)
    {
        if (!context.Database.IsRelational())
        {
            throw new InvalidOperationException(
                $"{context.GetType().Name} does not use a relational database. The store needs one for its conditional writes.");
        }

        if (context.Database.CurrentTransaction is not null)
        {
            throw new InvalidOperationException(
                $"The factory of {context.GetType().Name} returned a context that is inside a transaction. {Remedy}");
        }

        if (context.Database.GetDbConnection().State != ConnectionState.Closed)
        {
            throw new InvalidOperationException(
                $"The factory of {context.GetType().Name} returned a context whose connection is open already. {Remedy}");
        }
    }
}
