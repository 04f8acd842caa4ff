using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Reliability;

/// <summary>Application nodes on one machine that share a SQLite file, on a small disk of its own.</summary>
internal sealed class SqliteTopology(Shell shell, string kind) : Topology(new Promises(kind == "sqlite", kind == "sqlite"))
{
    private string? _disk;
    private SqliteConnection? _holder;

    public override IEnumerable<Fault> Faults =>
    [
        new("locked-file", LockAsync, UnlockAsync),
        new("full-disk", () => shell.CallAsync("fill_file", Filler), () => shell.RunAsync(["rm", Filler])),
    ];

    private string Filler => $"{_disk}/filler";

    public override async Task StartAsync()
    {
        _disk = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
        await shell.RunAsync(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", _disk]);
    }

    public override StoreSpec StoreOf(int appNode) => new(kind, $"Data Source={_disk}/mfa.db");

    public override async ValueTask DisposeAsync()
    {
        await UnlockAsync();
        if (_disk is not null)
        {
            await new Shell(CancellationToken.None).RunAsync(["umount", _disk]);
            Directory.Delete(_disk);
        }
    }

    private async Task LockAsync()
    {
        _holder = new SqliteConnection($"{StoreOf(0).ConnectionString};Pooling=False");
        await _holder.OpenAsync(shell.Cancelled);
        await using var begin = new SqliteCommand("BEGIN EXCLUSIVE", _holder);
        await begin.ExecuteNonQueryAsync(shell.Cancelled);
    }

    private async Task UnlockAsync()
    {
        await (_holder?.DisposeAsync() ?? ValueTask.CompletedTask);
        _holder = null;
    }
}
