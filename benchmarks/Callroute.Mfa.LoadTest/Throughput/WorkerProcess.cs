using System.Diagnostics;
using System.Text.Json;

namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>A client process, seen from the process that starts it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, Worker.Verb])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Runs several client processes that begin to sign in at the same moment.</summary>
    public static async Task<WorkReport[]> RunAsync(WorkOrder order, int processes)
    {
        var workers = Enumerable.Range(0, processes).Select(_ => new WorkerProcess()).ToArray();
        try
        {
            await Task.WhenAll(workers.Select(worker => worker.PrepareAsync(order)));
            return await Task.WhenAll(workers.Select(worker => worker.StartAsync()));
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private Task<string> PrepareAsync(WorkOrder order) => AskAsync(JsonSerializer.Serialize(order));

    private async Task<WorkReport> StartAsync() => JsonSerializer.Deserialize<WorkReport>(await AskAsync("GO"))!;

    private async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("A client process ended early; its error stands above.");
    }
}
