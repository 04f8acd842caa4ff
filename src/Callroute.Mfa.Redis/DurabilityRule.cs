namespace Callroute.Mfa.Redis;

/// <summary>
/// Chooses how a server confirms writes, and refuses a server that cannot confirm them. Lists problems with its settings.
/// </summary>
internal static class DurabilityRule
{
    private const string NoEviction = "noeviction";

    private static readonly Version FirstWithWaitAof = new(7, 2);

    // Earlier versions ignore a failed fsync even with appendfsync always.
    private static readonly Version FirstThatExitsOnFailedFsync = new(7, 0);

    private static readonly Version OldestSupported = new(6, 0);

    /// <summary>Refuses a server whose scripts are not known to be atomic.</summary>
    /// <exception cref="NotSupportedException">The server is neither Redis nor Valkey.</exception>
    public static void RefuseOtherProducts(ServerReport report)
    {
        if (report.OtherProduct is { } product)
        {
            throw new NotSupportedException(
                $"The server {report.Server} is {product}. It speaks the protocol of Redis, but it does not report whether it runs a script"
                + " as one step. If it does not, a code can be accepted twice. Use Redis or Valkey.");
        }
    }

    /// <summary>Chooses the confirmation.</summary>
    /// <exception cref="InvalidOperationException">The server cannot confirm; the message names the setting.</exception>
    public static Confirmation Choose(ServerReport report, int replicas)
    {
        if (report.EvictionPolicy != NoEviction)
        {
            throw Refusal(report, $"maxmemory-policy is {Shown(report.EvictionPolicy)}; set it to {NoEviction}");
        }

        // A primary that restarts empty also empties its replicas.
        if (report.HasAppendOnlyFile != true)
        {
            throw Refusal(report, $"appendonly is {Shown(report.HasAppendOnlyFile is null ? null : "no")}; set it to yes");
        }

        if (report.Version >= FirstWithWaitAof)
        {
            return Confirmation.WaitAof;
        }

        if (replicas > 0)
        {
            return Confirmation.Wait;
        }

        // A crash while the append-only file is first written loses everything, and the server reports that state as a rewrite.
        if (report.IsRewritingFile)
        {
            throw Refusal(report, "the server is writing or rewriting its append-only file; try again when it has finished");
        }

        return report is { Fsync: "always", NoFsyncOnRewrite: "no" } && report.Version >= FirstThatExitsOnFailedFsync
            ? Confirmation.Reply
            : throw Refusal(
                report,
                $"version {Shown(report.Version?.ToString())} has no WAITAOF, appendfsync is {Shown(report.Fsync)} and"
                + $" no-appendfsync-on-rewrite is {Shown(report.NoFsyncOnRewrite)}; set them to always and no on 7.0 or later,"
                + $" or set {nameof(RedisMfaStoreOptions.DurableReplicas)} to 1 or more");
    }

    /// <summary>Lists the dangerous settings of a server, with one sentence for each.</summary>
    public static IEnumerable<string> Warnings(ServerReport report, RedisMfaStoreOptions options)
    {
        if (report.EvictionPolicy != NoEviction)
        {
            yield return $"maxmemory-policy is {Shown(report.EvictionPolicy)}: the server may evict records, and with them enrolments,"
                + $" recovery codes and throttles. Set it to {NoEviction}.";
        }

        if (report.HasAppendOnlyFile != true)
        {
            yield return $"appendonly is {Shown(report.HasAppendOnlyFile is null ? null : "no")}:"
                + " a crash loses every record written since the last snapshot. Set it to yes.";
        }

        foreach (var warning in FsyncWarnings(report, options))
        {
            yield return warning;
        }

        foreach (var warning in FailoverWarnings(report, options))
        {
            yield return warning;
        }

        if (report.Version < OldestSupported)
        {
            yield return $"version {report.Version} is older than {OldestSupported}, the oldest that is supported.";
        }
    }

    private static IEnumerable<string> FailoverWarnings(ServerReport report, RedisMfaStoreOptions options)
    {
        if (options is { RequireDurable: true, DurableReplicas: 0 })
        {
            yield return $"{nameof(RedisMfaStoreOptions.DurableReplicas)} is 0: writes survive a restart of this server, but no failover."
                + " This is for a single server that no other one replaces. With Sentinel or another failover, used codes may work again:"
                + " set it to the number of replicas.";
        }

        if (report is { ConnectedReplicas: > 0, MinimumReplicas: "0" })
        {
            yield return "min-replicas-to-write is 0: a primary that is cut off from its replicas still accepts writes, which a failover"
                + " loses. Set it to 1 or more.";
        }

        if (options.RequireDurable && report.ConnectedReplicas < options.DurableReplicas)
        {
            yield return $"{report.ConnectedReplicas} of {options.DurableReplicas} replicas are connected: no write can be confirmed.";
        }
    }

    private static IEnumerable<string> FsyncWarnings(ServerReport report, RedisMfaStoreOptions options)
    {
        var isDiskConfirmed = options.RequireDurable && report.Version >= FirstWithWaitAof;
        if (report.HasAppendOnlyFile != true || isDiskConfirmed)
        {
            yield break;
        }

        if (report.Fsync != "always")
        {
            yield return $"appendfsync is {Shown(report.Fsync)}: a crash of the machine loses its last acknowledged writes,"
                + " and used codes may work again. Set it to always.";
        }
        else if (report.NoFsyncOnRewrite != "no")
        {
            yield return $"no-appendfsync-on-rewrite is {Shown(report.NoFsyncOnRewrite)}: while the server rewrites the file,"
                + " a crash of the machine loses acknowledged writes, and used codes may work again. Set it to no.";
        }
    }

    private static string Shown(string? value) => value ?? "unknown";

    private static InvalidOperationException Refusal(ServerReport report, string reason) =>
        new($"The Redis server {report.Server} cannot meet {nameof(RedisMfaStoreOptions.RequireDurable)}: {reason}.");
}
