namespace Callroute.Mfa.TestServers;

/// <summary>Waits for what a server or a call in the background does.</summary>
public static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Tries until the condition is true. A server needs some time after its start.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timeOut = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(50, timeOut.Token);
        }
    }
}
