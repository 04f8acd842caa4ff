namespace Callroute.Mfa.Sql;

/// <summary>Settings of a server that decide whether an acknowledged write is kept, and whether a read finds it.</summary>
/// <remarks>Callroute.Mfa.EntityFrameworkCore compiles this file too.</remarks>
internal static class ServerSettings
{
    /// <summary>Returns rows of a name and a value.</summary>
    public const string OfPostgreSql = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')";

    /// <inheritdoc cref="OfPostgreSql"/>
    public const string OfMySql =
        "SHOW VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'wsrep_on', 'wsrep_sync_wait')";

    private const string Off = "off";

    /// <summary>Judges the settings.</summary>
    /// <returns>Warnings, each with its remedy.</returns>
    /// <exception cref="NotSupportedException">After a crash of the server, an accepted code could be accepted again.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.GetValueOrDefault("synchronous_commit") == Off)
        {
            throw Refusal(
                "synchronous_commit is off",
                "Set it to on: ALTER SYSTEM SET synchronous_commit = on, or ALTER ROLE … SET for the user of this application only.");
        }

        return [.. CheckPostgreSql(settings), .. CheckMySql(settings)];
    }

    // Only a warning: a managed service may turn fsync off because it keeps every write in another way.
    private static IEnumerable<string> CheckPostgreSql(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.GetValueOrDefault("synchronous_commit") == "local")
        {
            yield return "synchronous_commit is local: no write waits for a standby, so after a failover codes of the last seconds may work"
                + " once more. Set it to on.";
        }

        if (settings.GetValueOrDefault("fsync") == Off)
        {
            yield return "fsync is off: if the machine of the database crashes, codes of the last seconds may work once more, and the"
                + " database may be damaged. Set it to on, unless the provider of the database says that it keeps every write without it.";
        }
    }

    private static IEnumerable<string> CheckMySql(IReadOnlyDictionary<string, string> settings)
    {
        var isGalera = string.Equals(settings.GetValueOrDefault("wsrep_on"), "ON", StringComparison.OrdinalIgnoreCase);
        if (settings.GetValueOrDefault("innodb_flush_log_at_trx_commit", "1") is var flush and not "1")
        {
            yield return isGalera
                ? $"innodb_flush_log_at_trx_commit is {flush}: if all nodes of Galera crash at the same time, codes of the last second may"
                    + " work once more. Set it to 1."
                : throw Refusal($"innodb_flush_log_at_trx_commit is {flush}", "Set it to 1.");
        }

        if (isGalera && int.TryParse(settings.GetValueOrDefault("wsrep_sync_wait"), out var waits) && (waits & 1) == 0)
        {
            yield return $"wsrep_sync_wait is {waits}: a node of Galera may read what another node has changed already. Calls"
                + " are then Unavailable; no code works twice. Set wsrep_sync_wait to 1.";
        }
    }

    private static NotSupportedException Refusal(string setting, string remedy) => new(
        $"{setting}: after a crash of the database server, a code that was used in the last second works once more. {remedy}");
}
