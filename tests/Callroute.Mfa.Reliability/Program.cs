using System.CommandLine;
using System.Text.Json;
using Callroute.Mfa.Reliability;

var topology = new Argument<string>("topology") { Description = "As in 'list'." };
var fault = new Argument<string>("fault") { Description = "As in 'list'." };
var seconds = new Option<int>("--seconds") { Description = "How long the fault lasts.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "The seed of the users' decisions.", DefaultValueFactory = _ => 1 };
var users = new Option<int>("--users") { Description = "How many users there are.", DefaultValueFactory = _ => CellPlan.Full.Users };
var isResumed = new Option<bool>("--resume") { Description = "Only the cells that have no result." };
var runs = new Option<int>("--runs") { Description = "How often each unsafe topology is run.", DefaultValueFactory = _ => 10 };
var store = new Argument<string>("store") { Description = "A StoreSpec as JSON." };

var list = new Command("list", "Lists the cells, and whether each has a result.");
list.SetAction(_ =>
{
    foreach (var name in Topologies.Cells)
    {
        Console.WriteLine($"{name.Topology} {name.Fault} {(name.Result is { } result ? result.IsKept ? "kept" : "broken" : "-")}");
    }
});

var run = new Command("run", "Runs one topology with one fault.") { topology, fault, seconds, seed, users };
run.SetAction(async (parsed, cancellationToken) =>
{
    var plan = CellPlan.Full with
    {
        Fault = TimeSpan.FromSeconds(parsed.GetValue(seconds)), Seed = parsed.GetValue(seed), Users = parsed.GetValue(users),
    };
    var name = new CellName(parsed.GetValue(topology)!, parsed.GetValue(fault)!);
    return (await new Cell(name, plan).RunAsync(cancellationToken)).IsKept ? 0 : 1;
});

var check = new Command("check", "Checks the kept history of a cell again.") { topology, fault };
check.SetAction(parsed => Cell.CheckAgain(new CellName(parsed.GetValue(topology)!, parsed.GetValue(fault)!)).IsKept ? 0 : 1);

var all = new Command("all", "Runs every cell.") { isResumed };
all.SetAction((parsed, cancellationToken) => Batch.RunAsync(
    Topologies.Cells.Where(name => !parsed.GetValue(isResumed) || name.Result is null), CellPlan.Full, cancellationToken));

var brief = new Command("short", "Runs one fault on each safe topology, shortly.");
brief.SetAction((_, cancellationToken) => Batch.RunAsync(Topologies.ShortCells, CellPlan.Short, cancellationToken));

var teeth = new Command("teeth", "Runs unsafe topologies; the checker must find codes that are accepted twice in every run.") { runs };
teeth.SetAction((parsed, cancellationToken) => Batch.BiteAsync(parsed.GetValue(runs), cancellationToken));

var report = new Command("report", "Writes docs/reliability.md and docs/reliability.svg from the results.");
report.SetAction(_ => Report.Write());

var node = new Command("node", "Runs as an application node.") { store };
node.Hidden = true;
node.SetAction(parsed => AppNode.RunAsync(
    JsonSerializer.Deserialize<StoreSpec>(parsed.GetValue(store)!)!, Console.In, Console.Out));

return await new RootCommand("Runs real clusters under load, breaks them, and checks the history.")
{
    list, run, check, all, brief, teeth, report, node,
}.Parse(args).InvokeAsync();
