using System.Globalization;
using Spectre.Console;

namespace Callroute.Mfa.Walkthrough;

/// <summary>The output of the tour, and its questions to the user.</summary>
internal sealed class Screen(IAnsiConsole console, bool isInteractive)
{
    private const string VirtualPhone = "Let the virtual phone answer";
    private const string RealPhone = "Use my own phone";

    private int _step;

    /// <summary>Asks whether the user has a real phone. Returns false if there is no user.</summary>
    public bool AskForPhone()
    {
        console.Write(new FigletText("Callroute MFA").Color(Color.DodgerBlue1));
        console.MarkupLine("[grey]The whole life of a user's multi-factor authentication, step by step.[/]");
        console.WriteLine();
        return isInteractive
            && console.Prompt(new SelectionPrompt<string>().Title("Who plays the phone?").AddChoices(VirtualPhone, RealPhone)) == RealPhone;
    }

    public void Step(string title, string explanation)
    {
        if (isInteractive && _step > 0)
        {
            console.Prompt(new TextPrompt<string>("[grey]Enter for the next step[/]").AllowEmpty());
        }

        console.WriteLine();
        console.Write(new Rule($"[bold]{++_step}. {Markup.Escape(title)}[/]").LeftJustified().RuleStyle("dodgerblue1"));
        console.MarkupLine($"[grey]{Markup.Escape(explanation)}[/]");
    }

    public void QrCode(string picture, string manualKey)
    {
        console.WriteLine();
        // Set the colours explicitly: phones expect dark modules on a light background, and the blocks are the light modules.
        foreach (var line in picture.TrimEnd('\n').Split('\n'))
        {
            console.Write(new Text(line, new Style(Color.White, Color.Black)));
            console.WriteLine();
        }

        console.MarkupLine($"Manual key: [bold]{Markup.Escape(manualKey)}[/]");
    }

    public void RecoveryCode(string code) => console.Write(
        new Panel($"[bold]{Markup.Escape(code)}[/]\n[grey]Save it somewhere safe: it is shown this once.[/]")
            .Header("Recovery code")
            .BorderColor(Color.Gold1));

    /// <summary>Waits until the user confirms. Returns immediately if there is no user.</summary>
    public void Confirm(string text)
    {
        while (isInteractive && !console.Confirm(Markup.Escape(text)))
        {
            Note("Take your time: the code is not shown again.");
        }
    }

    public void Note(string text) => console.MarkupLine($"[grey]{Markup.Escape(text)}[/]");

    public void Typed(string prompt, string text) => console.MarkupLine($"{Markup.Escape(prompt)}: [bold]{Markup.Escape(text)}[/]");

    public string Ask(string prompt) => console.Ask<string>($"{Markup.Escape(prompt)}:");

    public void Good(string text) => console.MarkupLine($"[green]✓[/] {Markup.Escape(text)}");

    public void Fail(string text) => console.MarkupLine($"[red]✗ {Markup.Escape(text)}[/]");

    public void History(IEnumerable<(DateTimeOffset At, string What)> events)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("When (UTC)").AddColumn("What");
        foreach (var (at, what) in events)
        {
            table.AddRow(at.ToString("HH:mm:ss", CultureInfo.InvariantCulture), Markup.Escape(what));
        }

        console.Write(table);
    }

    public void End()
    {
        console.WriteLine();
        console.Write(new Rule("[green]Every step behaved as it should[/]").RuleStyle("green"));
    }

    public Task CountDownAsync(TimeSpan time, string why) => console.Progress()
        .HideCompleted(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(why), maxValue: Math.Ceiling(time.TotalSeconds));
            while (!task.IsFinished)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                task.Increment(1);
            }
        });
}
