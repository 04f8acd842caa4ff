using Callroute.Mfa.Walkthrough;
using Spectre.Console;

if (args.Length > 1 || (args.Length == 1 && args[0] != "--auto"))
{
    await Console.Error.WriteLineAsync("Usage: Walkthrough [--auto]");
    return 2;
}

// Without a user at a terminal the tour runs by itself.
var isInteractive = args.Length == 0 && !Console.IsInputRedirected && !Console.IsOutputRedirected;
var screen = new Screen(AnsiConsole.Console, isInteractive);
try
{
    await using var walkthrough = new Tour(screen, screen.AskForPhone());
    await walkthrough.PlayAsync();
    screen.End();
    return 0;
}
catch (UnexpectedAnswerException exception)
{
    screen.Fail(exception.Message);
    return 1;
}
