using System.CommandLine;
using Callroute.Mfa.Benchmarks;
using Callroute.Mfa.Benchmarks.Check;
using Callroute.Mfa.Benchmarks.Report;

var root = new RootCommand("The benchmarks of Callroute.Mfa.") { MeasureCommand.Create(), CheckCommand.Create(), ReportCommand.Create() };
return await root.Parse(args).InvokeAsync();
