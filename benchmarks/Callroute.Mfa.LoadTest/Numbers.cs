using System.Globalization;

namespace Callroute.Mfa.LoadTest;

/// <summary>A list of numbers on the command line, such as <c>1,2,4</c>.</summary>
internal static class Numbers
{
    public static int[] Parse(string text) => [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
