namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>A network of namespaces: one for each machine, and one with the bridge that joins them.</summary>
internal sealed class Network(Shell shell) : IAsyncDisposable
{
    private readonly string _prefix = $"crr-{Environment.ProcessId}-";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"crr-{Environment.ProcessId}");
    private Process? _reaper;

    private string Bridge => _prefix + "bridge";

    /// <summary>Creates the bridge, after it has deleted what a dead process left.</summary>
    public async Task StartAsync()
    {
        await shell.CallAsync("sweep_dead", Path.GetTempPath());
        string[] reap = Shell.Function("reap", _prefix, _folder);
        _reaper = Process.Start(new ProcessStartInfo("setsid", reap) { RedirectStandardInput = true })!;
        await shell.CallAsync("add_bridge", Bridge);
    }

    public async Task<List<Machine>> AddAsync(string kind, int first, int count)
    {
        var machines = Enumerable.Range(1, count).Select(number => $"{kind}{number}").Select((name, i) =>
            new Machine(shell, name, $"10.77.0.{first + i}", _prefix + name, Path.Combine(_folder, name))).ToList();
        foreach (var machine in machines)
        {
            await shell.CallAsync("add_machine", Bridge, machine.Namespace, machine.Name, machine.Address, machine.Folder);
        }

        return machines;
    }

    /// <summary>Drops every packet from some machines to others. The opposite direction stays.</summary>
    public Task CutAsync(List<Machine> from, List<Machine> to) => InBridgeAsync("drop_packets", AddressesOf(from), AddressesOf(to));

    public async Task CutBothAsync(Machine one, List<Machine> others)
    {
        await CutAsync([one], others);
        await CutAsync(others, [one]);
    }

    public Task SlowAsync() => InBridgeAsync("slow");
    public Task HealAsync() => InBridgeAsync("heal");

    public async ValueTask DisposeAsync()
    {
        if (_reaper is { } reaper)
        {
            reaper.StandardInput.Close();
            await reaper.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            if (reaper.ExitCode != 0)
            {
                throw new InvalidOperationException($"Processes, namespaces ({_prefix}*) or files ({_folder}) are left.");
            }

            reaper.Dispose();
        }
    }

    private static string AddressesOf(List<Machine> machines) => string.Join(", ", machines.Select(machine => machine.Address));

    private Task<string> InBridgeAsync(string function, params string[] arguments) =>
        shell.RunAsync(["ip", "netns", "exec", Bridge, .. Shell.Function(function, arguments)]);
}
