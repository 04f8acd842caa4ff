using System.Globalization;

namespace Callroute.Mfa.Hashing.Tests;

/// <summary>Starts the load test of hashing, a process that does nothing else, and reads its figures.</summary>
internal static class HashingLoad
{
    /// <param name="collector">A variable of its environment, such as <c>DOTNET_gcServer=0</c>.</param>
    /// <param name="hasher"><c>managed</c> or <c>sodium</c>.</param>
    /// <param name="attempts">The number of concurrent attempts.</param>
    /// <param name="gateSize">The number of concurrent hashes.</param>
    /// <param name="queueLength">The number of waiting callers.</param>
    public static Dictionary<string, int> Run(string collector, string hasher, int attempts, int gateSize, int queueLength)
    {
        ExternalProgram.Require("env");
        ExternalProgram.Require("dotnet");
        var program = BuiltProgram.Of("Callroute.Mfa.LoadTest");
        return ExternalProgram.Run("env", [collector, "dotnet", program, "hash", hasher, $"{attempts}", $"{gateSize}", $"{queueLength}"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": "))
            .ToDictionary(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
