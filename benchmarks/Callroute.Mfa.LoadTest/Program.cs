using System.CommandLine;
using Callroute.Mfa.LoadTest;
using Callroute.Mfa.LoadTest.Growth;
using Callroute.Mfa.LoadTest.Ratio;
using Callroute.Mfa.LoadTest.Throughput;

// This process is a client of the throughput mode. Its order comes on the standard input.
if (args is [Worker.Verb])
{
    await Worker.RunAsync(Console.In, Console.Out);
    return 0;
}

var root = new RootCommand("Measures the stores of Callroute.Mfa on real, throwaway servers.")
{
    ThroughputMode.Create(),
    GrowthMode.Create(),
    RatioMode.Create(),
    ChurnMode.Create(),
    HashMode.Create(),
};
return await root.Parse(args).InvokeAsync();
