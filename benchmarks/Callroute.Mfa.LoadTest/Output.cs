using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest;

/// <summary>The output of every mode: the machine, the progress, a table with the result, and JSON for programs.</summary>
internal static class Output
{
    private const int WidthOfAFile = 160;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Option<FileInfo?> JsonOption() => new("--json") { Description = "Write the result there too." };

    /// <summary>Runs a mode and prints its result.</summary>
    public static async Task RunAsync<TRow>(
        FileInfo? json, Func<ProgressContext, Task<IReadOnlyList<TRow>>> measure, Func<IReadOnlyList<TRow>, Table> show)
    {
        var machine = Machine.Describe();
        AnsiConsole.Profile.Width = Console.IsOutputRedirected ? WidthOfAFile : AnsiConsole.Profile.Width;
        AnsiConsole.WriteLine(machine.ToString());
        var rows = await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(measure);
        AnsiConsole.Write(show(rows));
        if (json is not null)
        {
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(new { machine, rows }, Json));
        }
    }

    public static Table NewTable(string title, params string[] columns)
    {
        var table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddColumn(i == 0 ? new TableColumn(columns[i]) : new TableColumn(columns[i]).RightAligned());
        }

        return table;
    }

    public static void AddCells(this Table table, params IEnumerable<object?> cells) =>
        table.AddRow(cells.Select(cell => new Text(string.Format(CultureInfo.InvariantCulture, "{0}", cell))));

    public static string Whole(this double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Whole(this long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tenths(this double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    public static string Times(this double ratio) => ratio.ToString("0.00×", CultureInfo.InvariantCulture);
}
