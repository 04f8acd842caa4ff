using System.CommandLine;
using Callroute.Mfa.Otp;
using Spectre.Console;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>code</c>: prints the code for a time or a counter, or every code from now on.</summary>
internal sealed class CodeVerb
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly OtpOptions _options = new();
    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Go on until Ctrl-C: on a terminal with a bar for the seconds left, else one line for each code.",
    };

    private CodeVerb()
    {
    }

    public static Command Create()
    {
        var verb = new CodeVerb();
        var command = new Command("code", "Print a code.");
        verb._options.AddTo(command);
        verb._options.AddTimeTo(command);
        command.Add(verb._watch);
        verb._options.RefuseWithCounter(command, verb._watch);
        verb._options.RefuseWithTime(command, verb._watch);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var secret = _options.ReadSecret(result);
        if (_options.ReadCounter(result) is { } counter)
        {
            Print(result, Hotp.Generate(secret, _options.ReadHotp(result), counter));
        }
        else if (!result.GetValue(_watch))
        {
            Print(result, Totp.Generate(secret, _options.ReadTotp(result), _options.ReadTime(result)));
        }
        else
        {
            await WatchAsync(result, secret, cancellationToken);
        }

        return 0;
    }

    private static void Print(ParseResult result, string code) => Output.PrintLine(result, code, new Field("code", code));

    private async Task WatchAsync(ParseResult result, SharedSecret secret, CancellationToken cancellationToken)
    {
        var parameters = _options.ReadTotp(result);
        try
        {
            await (Output.IsJson(result) || !Terminal.Out.Profile.Capabilities.Interactive
                ? PrintAllAsync(result, secret, parameters, cancellationToken)
                : Terminal.Out.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn())
                    .StartAsync(bar => ShowAllAsync(bar.AddTask("code"), secret, parameters, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }
    }

    private static async Task PrintAllAsync(ParseResult result, SharedSecret secret, TotpParameters parameters, CancellationToken cancel)
    {
        while (true)
        {
            var now = TimeProvider.System.GetUtcNow();
            Print(result, Totp.Generate(secret, parameters, now));
            await Task.Delay(TimeLeft(parameters, now) + Refresh, cancel);
        }
    }

    private static async Task ShowAllAsync(ProgressTask bar, SharedSecret secret, TotpParameters parameters, CancellationToken cancel)
    {
        bar.MaxValue = parameters.Period.TotalSeconds;
        while (true)
        {
            var now = TimeProvider.System.GetUtcNow();
            var left = TimeLeft(parameters, now).TotalSeconds;
            bar.Description = $"[bold]{Totp.Generate(secret, parameters, now)}[/] {Math.Ceiling(left),3} s";
            bar.Value = left;
            await Task.Delay(Refresh, cancel);
        }
    }

    private static TimeSpan TimeLeft(TotpParameters parameters, DateTimeOffset now) =>
        parameters.GetStartOf(parameters.GetTimeStep(now) + 1) - now;
}
