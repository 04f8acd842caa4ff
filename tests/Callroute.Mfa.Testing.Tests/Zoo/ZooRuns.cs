using System.Globalization;

namespace Callroute.Mfa.Testing.Tests.Zoo;

/// <summary>How often the tests of races run.</summary>
internal static class ZooRuns
{
    private const string Variable = "CALLROUTE_ZOO_RUNS";

    /// <summary>One; more where the environment says so.</summary>
    public static int Count { get; } = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "1", CultureInfo.InvariantCulture);

    public static async Task<int> CountAsync(Func<Task<bool>> run)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            count += await run() ? 1 : 0;
        }

        return count;
    }
}
