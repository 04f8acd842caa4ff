using System.Text.Json;
using Callroute.Mfa.StoreProbe;

// race, with a RaceOrder a line on the standard input; or crash, with a Place and a line of CrashOrders.
if (args is ["race"])
{
    await new Racer(Console.In, Console.Out).RunAsync();
}
else if (args is ["crash"])
{
    var place = JsonSerializer.Deserialize<Place>(Console.In.ReadLine()!)!;
    var orders = JsonSerializer.Deserialize<CrashOrder[]>(Console.In.ReadLine()!)!;
    await new Crasher(place, await place.OpenAsync(), TextWriter.Synchronized(Console.Out)).RunAsync(orders);
}
else
{
    Console.Error.WriteLine("race|crash");
    return 2;
}

return 0;
