using System.Globalization;
using System.Text.Json;
using Callroute.Mfa.StoreProbe;
using Callroute.Mfa.TestEngines;
using Microsoft.Extensions.Time.Testing;

// race|crash <engine> <connection string> <key> <time in UTC ticks>, orders on the standard input.
if (args is not [var verb, var engine, var connectionString, var key, var ticks])
{
    Console.Error.WriteLine("race|crash <engine> <connection string> <key> <ticks>");
    return 2;
}

var clock = new FakeTimeProvider(new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero));
var store = await Engines.Named(engine).OpenAsync(connectionString);
if (verb == "race")
{
    await new Racer(ProbeService.Create(store, key, clock), Console.In, Console.Out).RunAsync();
}
else
{
    var orders = JsonSerializer.Deserialize<CrashOrder[]>(Console.In.ReadLine()!)!;
    await new Crasher(store, failpoint => ProbeService.Create(failpoint, key, clock), TextWriter.Synchronized(Console.Out)).RunAsync(orders);
}

return 0;
