namespace Callroute.Mfa.LoadTest;

/// <summary>The median of measurements. A short disturbance by other programs does not change it.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
