using System.Diagnostics;

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>
/// A network of namespaces: one for each machine, and one with the bridge that joins them. The host's own network is not changed, and no
/// packet leaves the namespaces.
/// </summary>
internal sealed class Network(Shell shell) : IAsyncDisposable
{
    // Ends every process in the namespaces whose names begin with $0, deletes the namespaces, and then the folder $1 with its mounts.
    private const string Sweep = """
        for round in $(seq 50); do
          pids=$(for space in $(ip netns list | awk '{print $1}' | grep "^$0"); do ip netns pids $space; done)
          [ -n "$pids" ] || break
          kill -KILL $pids 2>/dev/null
          sleep 0.1
        done
        for space in $(ip netns list | awk '{print $1}' | grep "^$0"); do ip netns delete $space; done
        awk '{print $2}' /proc/mounts | grep "^$1/" | xargs -r umount --lazy
        rm -rf "$1"
        [ ! -e "$1" ] && ! ip netns list | grep -q "^$0"
        """;

    // A separate process that sweeps when its standard input ends: when this process disposes the network, is interrupted or is killed.
    private const string Reaper = "trap '' INT TERM HUP; read -r _ || true\n" + Sweep;

    // Namespaces that were left by a process that is dead, as after a power cut of the machine.
    private const string SweepDead = """
        for pid in $({ ip netns list; ls $0; } | sed -n 's/^crr-\([0-9]*\)\(-.*\)\?$/\1/p' | sort -u); do
          [ -e /proc/$pid ] || bash -c "$1" crr-$pid- $0/crr-$pid
        done
        """;

    private const string AddBridge = """
        ip netns add $0
        ip -n $0 link add bridge type bridge
        ip -n $0 link set bridge up
        ip netns exec $0 nft 'add table bridge cuts; add chain bridge cuts forward { type filter hook forward priority 0; }'
        """;

    private const string AddMachine = """
        ip netns add $1
        ip -n $0 link add $2 type veth peer name eth0 netns $1
        ip -n $0 link set $2 master bridge up
        ip -n $1 addr add $3/24 dev eth0
        ip -n $1 link set eth0 up
        ip -n $1 link set lo up
        mkdir -p $4
        mount -t tmpfs -o size=2g,mode=777 $1 $4
        """;

    // 256 kbit/s to every machine, with a queue of at most 400 ms; one packet of twenty is lost.
    private const string Slow = """
        for port in $(ls /sys/class/net/bridge/brif); do tc qdisc add dev $port root tbf rate 256kbit burst 4kb latency 400ms; done
        nft add rule bridge cuts forward numgen random mod 100 '<' 5 drop
        """;

    private const string Heal = """
        nft flush chain bridge cuts forward
        for port in $(ls /sys/class/net/bridge/brif); do tc qdisc delete dev $port root 2>/dev/null || true; done
        """;

    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(60);

    private readonly string _prefix = $"crr-{Environment.ProcessId}-";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"crr-{Environment.ProcessId}");
    private Process? _reaper;

    private string Bridge => _prefix + "bridge";

    /// <summary>Creates the bridge, after it has deleted what a dead process left.</summary>
    public async Task StartAsync()
    {
        await shell.ScriptAsync(SweepDead, Path.GetTempPath(), Sweep);
        _reaper = Process.Start(new ProcessStartInfo("setsid", ["bash", "-c", Reaper, _prefix, _folder]) { RedirectStandardInput = true })!;
        await shell.ScriptAsync(AddBridge, Bridge);
    }

    /// <summary>Adds machines, from <c>10.77.0.[first]</c> on. The folder of each is a small disk of its own, in memory.</summary>
    public async Task<IReadOnlyList<Machine>> AddAsync(string kind, int first, int count)
    {
        Machine[] machines = [.. Enumerable.Range(1, count).Select(number => $"{kind}{number}").Select((name, i) =>
            new Machine(shell, name, $"10.77.0.{first + i}", _prefix + name, Path.Combine(_folder, name)))];
        foreach (var machine in machines)
        {
            await shell.ScriptAsync(AddMachine, Bridge, machine.Namespace, machine.Name, machine.Address, machine.Folder);
        }

        return machines;
    }

    /// <summary>Drops every packet from some machines to others. The opposite direction stays.</summary>
    public Task CutAsync(IEnumerable<Machine> from, IEnumerable<Machine> to) =>
        InBridgeAsync($"nft 'add rule bridge cuts forward ip saddr {SetOf(from)} ip daddr {SetOf(to)} drop'");

    /// <summary>Drops every packet between one machine and others.</summary>
    public async Task CutBothAsync(Machine one, IReadOnlyList<Machine> others)
    {
        await CutAsync([one], others);
        await CutAsync(others, [one]);
    }

    /// <summary>Makes all links slow and lossy.</summary>
    public Task SlowAsync() => InBridgeAsync(Slow);

    /// <summary>Takes away all cuts, slowness and loss.</summary>
    public Task HealAsync() => InBridgeAsync(Heal);

    /// <summary>Kills everything that runs in the namespaces and deletes them with their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_reaper is { } reaper)
        {
            reaper.StandardInput.Close();
            await reaper.WaitForExitAsync().WaitAsync(CleanUpLimit);
            if (reaper.ExitCode != 0)
            {
                throw new InvalidOperationException($"Processes, namespaces ({_prefix}*) or files ({_folder}) are left.");
            }

            reaper.Dispose();
        }
    }

    private static string SetOf(IEnumerable<Machine> machines) => $"{{ {string.Join(", ", machines.Select(machine => machine.Address))} }}";

    private Task<string> InBridgeAsync(string script) => shell.RunAsync(["ip", "netns", "exec", Bridge, "bash", "-ec", script]);
}
