using System.Diagnostics;
using Callroute.Mfa.Reliability.Cluster;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Reliability;

/// <summary>Application nodes on one machine that share a SQLite file, on a small disk of its own.</summary>
/// <param name="kind"><c>sqlite</c>, or <c>non-atomic</c> for the store that the checker must find out.</param>
internal sealed class SqliteTopology(string kind) : Topology
{
    private const int DiskMebibytes = 48;

    private string? _disk;
    private SqliteConnection? _holder;

    public override string Name => kind;

    public override Promises Promises => new(SingleUse: kind == "sqlite", KeepsAcknowledged: kind == "sqlite");

    public override IReadOnlyList<Fault> Faults =>
    [
        new("locked-file", LockAsync, UnlockAsync),
        new("full-disk", FillAsync, EmptyAsync),
    ];

    private string File => Path.Combine(_disk!, "mfa.db");

    private string Filler => Path.Combine(_disk!, "filler");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _disk = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
        await Shell.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={DiskMebibytes}m", "tmpfs", _disk], cancellationToken);
    }

    public override StoreSpec StoreOf(int appNode) => new(kind, $"Data Source={File}");

    public override Process StartOnAppNode(int appNode, string program, IEnumerable<string> args) =>
        Process.Start(new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public override async ValueTask DisposeAsync()
    {
        await UnlockAsync(CancellationToken.None);
        if (_disk is not null)
        {
            await Shell.RunAsync(["umount", _disk], CancellationToken.None);
            Directory.Delete(_disk);
        }
    }

    private async Task LockAsync(CancellationToken cancellationToken)
    {
        _holder = new SqliteConnection($"Data Source={File};Pooling=False");
        await _holder.OpenAsync(cancellationToken);
        await using var begin = _holder.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        await begin.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task UnlockAsync(CancellationToken cancellationToken)
    {
        await (_holder?.DisposeAsync() ?? ValueTask.CompletedTask);
        _holder = null;
    }

    // dd fails when the disk is full, as it shall.
    private Task<string> FillAsync(CancellationToken cancellationToken) =>
        Shell.ScriptAsync("dd if=/dev/zero of=$0 bs=4096 || true", cancellationToken, Filler);

    private Task EmptyAsync(CancellationToken cancellationToken)
    {
        System.IO.File.Delete(Filler);
        return Task.CompletedTask;
    }
}
