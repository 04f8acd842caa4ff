namespace Callroute.Mfa.Redis;

/// <summary>Says how a server confirms a write, or why it cannot, and what else its owner should know.</summary>
internal static class DurabilityRule
{
    private const string NoEviction = "noeviction";

    private static readonly Version FirstWithWaitAof = new(7, 2);

    // Before it a failed fsync went unnoticed also with appendfsync always.
    private static readonly Version FirstThatExitsOnFailedFsync = new(7, 0);

    private static readonly Version OldestSupported = new(6, 0);

    /// <summary>Chooses the confirmation.</summary>
    /// <exception cref="InvalidOperationException">The server cannot confirm; the message names the setting.</exception>
    public static Confirmation Choose(ServerReport report, int replicas)
    {
        if (report.EvictionPolicy != NoEviction)
        {
            throw Refusal(report, $"maxmemory-policy is {Told(report.EvictionPolicy)}; set it to {NoEviction}");
        }

        // An empty primary that starts again empties its replicas too.
        if (report.HasAppendOnlyFile != true)
        {
            throw Refusal(report, $"appendonly is {Told(report.HasAppendOnlyFile switch { null => null, true => "yes", false => "no" })}; set it to yes");
        }

        if (report.Version >= FirstWithWaitAof)
        {
            return Confirmation.WaitAof;
        }

        if (replicas > 0)
        {
            return Confirmation.Wait;
        }

        // While the file is written for the first time, a crash loses everything; a later rewrite looks the same.
        if (report.IsRewritingFile)
        {
            throw Refusal(report, "the append-only file is being rewritten, which may be its first writing; wait until it has ended");
        }

        return report is { Fsync: "always", NoFsyncOnRewrite: "no" } && report.Version >= FirstThatExitsOnFailedFsync
            ? Confirmation.Reply
            : throw Refusal(report, $"version {Told(report.Version?.ToString())} has no WAITAOF, appendfsync is {Told(report.Fsync)} and no-appendfsync-on-rewrite is {Told(report.NoFsyncOnRewrite)}; set them to always and no on 7.0 or later, or set {nameof(RedisMfaStoreOptions.DurableReplicas)} to 1 or more");
    }

    /// <summary>Lists what may cost records, one sentence each.</summary>
    public static IEnumerable<string> Warnings(ServerReport report, RedisMfaStoreOptions options)
    {
        if (report.EvictionPolicy != NoEviction)
        {
            yield return $"maxmemory-policy is {Told(report.EvictionPolicy)}: records may be evicted, and enrolments, recovery codes and throttles with them. Set it to {NoEviction}.";
        }

        if (report.HasAppendOnlyFile != true)
        {
            yield return $"appendonly is {Told(report.HasAppendOnlyFile is null ? null : "no")}: a crash loses every record since the last snapshot. Set it to yes.";
        }

        var isDiskConfirmed = options.RequireDurable && report.Version >= FirstWithWaitAof;
        if (report is { HasAppendOnlyFile: true, Fsync: not "always" } && !isDiskConfirmed)
        {
            yield return $"appendfsync is {Told(report.Fsync)}: a crash of the machine loses its last acknowledged writes, and used codes may work again. Set it to always.";
        }

        if (report is { HasAppendOnlyFile: true, Fsync: "always", NoFsyncOnRewrite: not "no" } && !isDiskConfirmed)
        {
            yield return $"no-appendfsync-on-rewrite is {Told(report.NoFsyncOnRewrite)}: while the file is rewritten, a crash of the machine loses acknowledged writes, and used codes may work again. Set it to no.";
        }

        if (options.RequireDurable && report.ConnectedReplicas < options.DurableReplicas)
        {
            yield return $"{report.ConnectedReplicas} of {options.DurableReplicas} replicas are connected: no write can be confirmed.";
        }

        if (report.Version < OldestSupported)
        {
            yield return $"version {report.Version} is older than {OldestSupported}, the oldest that is supported.";
        }
    }

    private static string Told(string? value) => value ?? "not told";

    private static InvalidOperationException Refusal(ServerReport report, string reason) =>
        new($"{nameof(RedisMfaStoreOptions.RequireDurable)} cannot be met by the Redis server {report.Server}: {reason}.");
}
