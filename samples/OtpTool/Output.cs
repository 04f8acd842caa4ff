using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Callroute.Mfa.OtpTool;

/// <summary>Prints answers: for people a table or a line, with <c>--json</c> an object on a line.</summary>
internal static class Output
{
    public static readonly Option<bool> Json = new("--json")
    {
        Recursive = true,
        Description = "Print JSON for scripts, one object on a line.",
    };

    // The relaxed encoder keeps names readable. The characters that it does not escape are special only in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsJson(ParseResult result) => result.GetValue(Json);

    /// <summary>Prints one value: the text alone for people, and for scripts that read a line.</summary>
    public static void PrintLine(ParseResult result, string text, params Field[] fields)
    {
        if (IsJson(result))
        {
            PrintJson(fields);
        }
        else
        {
            Console.Out.WriteLine(text);
        }
    }

    public static void Print(ParseResult result, params Field[] fields)
    {
        if (IsJson(result))
        {
            PrintJson(fields);
            return;
        }

        var table = new Table().HideHeaders().Border(TableBorder.Rounded).AddColumns(string.Empty, string.Empty);
        foreach (var (name, value, text) in fields)
        {
            table.AddRow(new Text(Words(name), new Style(decoration: Decoration.Bold)), new Text(text ?? Show(value)));
        }

        Terminal.Out.Write(table);
    }

    private static void PrintJson(Field[] fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value, _) in fields)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case string text: json.WriteStringValue(text); break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "–",
        true => "yes",
        false => "no",
        string text => text,
        IEnumerable list => string.Join('\n', list.Cast<object?>().Select(Show)) is { Length: > 0 } lines ? lines : "none",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    // For example 'timeStep': Time step.
    public static string Words(string name) => string.Concat(name.Select((letter, i) =>
        i == 0 ? char.ToUpperInvariant(letter).ToString()
        : char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}"
        : letter.ToString()));
}
