namespace Callroute.Mfa.LoadTest;

/// <summary>The middle of what was measured: what else ran on the machine for a moment does not move it.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
