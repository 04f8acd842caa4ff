namespace Callroute.Mfa.Samples.Tests;

/// <summary>Runs the program of docs/getting-started/worker.md as a process.</summary>
public sealed class WorkerSampleTests
{
    [Fact]
    public async Task Worker_EnrolAndVerify_AcceptsEachCodeOnce()
    {
        var folder = Directory.CreateTempSubdirectory("callroute-worker-");

        await WorkerRun.AssertAcceptsEachCodeOnceAsync(
            BuiltProgram.Of("Worker"), $"Data Source={Path.Combine(folder.FullName, "mfa.db")};Pooling=False");

        folder.Delete(recursive: true);
    }
}
