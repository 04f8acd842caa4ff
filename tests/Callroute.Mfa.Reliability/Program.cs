using System.CommandLine;
using Callroute.Mfa.Reliability;

var topology = new Argument<string>("topology") { Description = "As in 'list'." };
var fault = new Argument<string>("fault") { Description = "As in 'list'." };
var seconds = new Option<int>("--seconds") { Description = "How long the fault lasts.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "The seed of the users' decisions.", DefaultValueFactory = _ => 1 };
var isResumed = new Option<bool>("--resume") { Description = "Only the cells that have no result." };
var runs = new Option<int>("--runs") { Description = "How often each unsafe topology is run.", DefaultValueFactory = _ => 10 };
var store = new Argument<string>("store") { Description = "A StoreSpec as JSON." };
var rows = new Argument<string>("rows") { Description = "The folder of the application's rows." };

return await new RootCommand("Runs real clusters under load, breaks them, and checks the history.")
{
    Verb("list", "Lists the cells, and whether each kept its promises.", (_, _) =>
    {
        Topologies.Cells.ToList().ForEach(name => Console.WriteLine($"{name.Topology} {name.Fault} {name.Result?.IsKept}"));
        return Task.FromResult(0);
    }),
    Verb(
        "run", "Runs one topology with one fault.", (parsed, token) => Batch.RunAsync(
            [NameIn(parsed)],
            CellPlan.Full with { Fault = TimeSpan.FromSeconds(parsed.GetValue(seconds)), Seed = parsed.GetValue(seed) }, token),
        topology, fault, seconds, seed),
    Verb(
        "check", "Checks the kept history of a cell again.", (parsed, _) => Task.FromResult(
            NameIn(parsed).Result!.Check(NameIn(parsed), [.. History.Read(NameIn(parsed).HistoryPath)]).IsKept ? 0 : 1),
        topology, fault),
    Verb(
        "all", "Runs every cell.", (parsed, token) => Batch.RunAsync(
            Topologies.Cells.Where(name => !parsed.GetValue(isResumed) || name.Result is null), CellPlan.Full, token),
        isResumed),
    Verb("short", "Runs one fault on each safe topology.", (_, token) => Batch.RunAsync(Topologies.ShortCells, CellPlan.Short, token)),
    Verb(
        "teeth", "Runs unsafe topologies. The checker must find codes that are accepted twice in every run.",
        (parsed, token) => Batch.BiteAsync(parsed.GetValue(runs), token), runs),
    Verb("report", "Writes docs/reliability.md and docs/reliability.svg from the results.", (_, _) => Report.WriteAsync()),
    Verb(
        "node", "Runs as an application node.", (parsed, _) => AppNode.RunAsync(
            JsonSerializer.Deserialize<StoreSpec>(parsed.GetValue(store)!)!, parsed.GetValue(rows)!),
        store, rows),
}.Parse(args).InvokeAsync();

CellName NameIn(ParseResult parsed) => new(parsed.GetValue(topology)!, parsed.GetValue(fault)!);

Command Verb(string name, string what, Func<ParseResult, CancellationToken, Task<int>> act, params IEnumerable<Symbol> symbols)
{
    var verb = new Command(name, what) { Hidden = name == "node" };
    verb.SetAction(act);
    symbols.OfType<Argument>().ToList().ForEach(verb.Add);
    symbols.OfType<Option>().ToList().ForEach(verb.Add);
    return verb;
}
