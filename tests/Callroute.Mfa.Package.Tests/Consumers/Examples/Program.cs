// Runs the examples that are named.
foreach (var name in args)
{
    await (Task)Type.GetType($"Examples.{name}.Example")!.GetMethod("RunAsync")!.Invoke(null, [args])!;
}
