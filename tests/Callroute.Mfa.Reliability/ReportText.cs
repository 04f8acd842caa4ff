namespace Callroute.Mfa.Reliability;

/// <summary>The fixed text of the page.</summary>
internal static class ReportText
{
    public const string Introduction = """
        # Reliability

        This page shows what users see while database servers, the network between them and application nodes fail. A program made it from the
        results of its runs. Do not edit it.

        Each run is one **topology** (servers, their proxies and the settings of the driver) with one **fault**. The program starts the servers
        and three application nodes. Each node is a process of its own with a real `MfaService`. 300 users with virtual authenticators enrol,
        sign in, mistype, recover, change their phone, make new recovery codes and disable MFA. Most codes are sent to all three nodes at the
        same time, as if a thief sent them too. Codes that were accepted are sent again for as long as they are valid. A request without a known
        outcome is sent again in the same attempt. Strangers send wrong codes for every tenth user.

        After 10 s of calm the fault begins. It lasts 30 s, or longer if it does several things one after the other. After it the load goes on
        for 15 s. Then every user who was not in since the fault signs in. Every call and every answer is recorded with its time. A checker
        reads this history and counts what breaks a rule.

        Time steps are 15 s long instead of 30 s, codes have 8 digits, and there are no waits after failures, so that users can sign in often.
        The application's own table of users is in the memory of the program and does not fail.

        ## How to run it

        Run it as root on Debian 12. The machine needs the packages of the servers, but no containers. All traffic stays in network namespaces
        that the program makes and removes.

        ```sh
        dotnet build -c Release tests/Callroute.Mfa.Reliability
        cd artifacts/bin/Callroute.Mfa.Reliability/release
        ./Callroute.Mfa.Reliability list                              # all topologies and faults
        ./Callroute.Mfa.Reliability run patroni-haproxy kill-primary  # one of them
        ./Callroute.Mfa.Reliability all --resume                      # all that have no result yet
        ./Callroute.Mfa.Reliability teeth                             # unsafe topologies, ten times each
        ./Callroute.Mfa.Reliability report                            # this page and its picture
        ```

        Results and histories are in `artifacts/reliability`. `check` reads a history again, for instance after a change of the checker.
        """;

    public const string Columns = """
        ## What the columns mean

        A number in bold breaks a promise of the topology. The other numbers are counted without a promise.

        | column | meaning | rule |
        |---|---|---|
        | calls | all calls of the users | |
        | accepted | a code was accepted, or a change was made | |
        | refused | the answer was no, with a reason | |
        | read | a question was answered: what a sign-in requires, or the status | |
        | unavailable | the service said that it does not know; an application answers 503 | |
        | unknown | there was no answer: the node was killed, or the answer took longer than 40 s | |
        | longest | the longest time to an answer, in seconds | |
        | doubled | acceptances too many | a time step of an authenticator is accepted once, and a set of recovery codes is used once; a repeated answer to the same attempt is no second acceptance |
        | lost | changes that were acknowledged and are not there at the end, or are undone | an acknowledged enrolment, change of phone or disable stays |
        | uncounted | statuses with fewer failures than refused guesses | the stored failures of authenticator codes are never fewer than the guesses that were refused since the last success |
        | passed | answers that let a user in without MFA | nobody who is enrolled, or must have MFA, is let in without it |
        | late | answers after the bound | every call answers within 5 s, plus 1.5 s for this machine, which runs everything at once |
        | wrong | refusals that the earlier calls do not allow | a bound authenticator is not "not enrolled", a code that was never accepted is not "replayed", and a begun enrolment is not "not found" |
        | not in | users who are not in 60 s after the fault | after the fault everybody signs in within 60 s |

        A call that was unavailable or unknown may have made its change, and may make it later. The checker never counts what such a call
        can explain. So `lost`, `uncounted`, `passed` and `wrong` are lower bounds. `uncounted` has no refunds to respect: only codes of
        authenticators are compared, and what an accepted code gives back is of the allowance, not of the failures in a row.

        After a node whose clock was 1 h ahead, other nodes answer `ClockBehind` until an administrator calls `UnlockAsync`. The program does
        that for every user who gets this answer, as [operations](operations.md#clock-jump) says.
        """;

    public const string TableHead = """
        | fault | calls | accepted | refused | read | unavailable | unknown | longest | doubled | lost | uncounted | passed | late | wrong | not in |
        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        """;

    public const string Teeth = """
        ## The checker finds what is wrong

        A checker that never failed proves nothing. These topologies accept codes twice, and each run must show it.

        | topology and fault | runs | found in | codes accepted twice in each run |
        |---|--:|--:|---|
        """;

    public const string NotRun = """
        ## What was not run

        Redis was not run with wrong clocks of its servers: it does not work under the program that sets them. Microsoft SQL Server, MySQL and
        managed services of clouds were not run. The clocks of application nodes are judged by the service and not by the store, so they are run
        with SQLite and PostgreSQL only. Topologies that differ from another one in a proxy or in a setting are run with the faults for which
        the difference matters. So these pairs are left out:
        """;

    public static IReadOnlyDictionary<string, string> Topologies { get; } = new Dictionary<string, string>
    {
        ["sqlite"] = "Three processes on one machine share a SQLite file. A full disk is a small file system that another file fills. "
            + "`app-kill-all` kills all three at once, so that a write-ahead log is left behind.",
        ["non-atomic"] = "SQLite with a store that first compares and then writes. It exists only to show that the checker finds it.",
        ["redis-sentinel"] = "Three Redis servers with Sentinels, and `RequireDurable` with one replica.",
        ["redis-sentinel-not-durable"] = "The same without `RequireDurable`.",
        ["redis-replica-reads"] = "Each application node is connected to one server only, so that two of them read from replicas.",
        ["redis-evicting"] = "An eviction policy that may remove records when the memory is full.",
        ["redis-cluster"] = "Three primaries with three replicas.",
        ["galera"] = "Three MariaDB servers, each application node at another one, with `wsrep_sync_wait=1`.",
        ["galera-no-sync-wait"] = "The same without `wsrep_sync_wait=1`.",
        ["patroni-haproxy"] = "Three PostgreSQL servers with Patroni on etcd and synchronous replication, behind HAProxy.",
        ["patroni-npgsql"] = "The same without a proxy: Npgsql knows all hosts, with `Target Session Attributes=primary`.",
        ["patroni-asynchronous"] = "The same behind HAProxy with asynchronous replication.",
        ["patroni-prefer-standby"] = "Npgsql knows all hosts and prefers standbys.",
        ["pgbouncer-session"] = "PgBouncer in session mode in front of the same servers.",
        ["pgbouncer-transaction"] = "PgBouncer in transaction mode in front of the same servers.",
        ["pgbouncer-statement"] = "PgBouncer in statement mode in front of the same servers.",
        ["pgpool"] = "pgpool-II, which sends reads to all of the same servers.",
    };

    public static string Picture(CellName drawn) => $"""
        The picture shows the answers per second of one run: `{drawn.Topology}` with `{drawn.Fault}`. The lines mark the begin and the end of
        the fault.
        """;
}
