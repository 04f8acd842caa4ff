// Runs the example that the first argument names; the second, where it needs one, is its server.
await (Task)Type.GetType($"Examples.{args[0]}.Example")!.GetMethod("RunAsync")!.Invoke(null, [args])!;
