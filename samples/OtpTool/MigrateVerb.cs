using System.CommandLine;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>migrate</c>: converts between otpauth URIs and the export of Google Authenticator.</summary>
internal static class MigrateVerb
{
    public static Command Create()
    {
        var texts = new Argument<string[]>("URI")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The texts of all QR codes of an export (otpauth-migration://…), or the accounts to export (otpauth://…); "
                + $"'-' and file:PATH have one a line. {SecretText.Sources}",
        };
        var command = new Command("migrate", "Convert between otpauth URIs and Google Authenticator's export. Prints secrets.") { texts };
        command.SetAction(result => Run(result, ReadLines(result.GetRequiredValue(texts))));
        return command;
    }

    private static int Run(ParseResult result, string[] texts)
    {
        var exports = texts.Count(MigrationUri.IsOne);
        if (exports > 0 && exports < texts.Length)
        {
            throw new InputException("Give the texts of an export, or otpauth URIs, but not both.");
        }

        var converted = exports > 0
            ? MigrationUri.ReadAll(texts).Select(account => account.Reveal())
            : MigrationUri.WriteAll([.. texts.Select(UriArgument.Read)]);
        foreach (var line in converted)
        {
            Output.PrintLine(result, line, new Field("uri", line));
        }

        return 0;
    }

    private static string[] ReadLines(string[] texts)
    {
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] lines = [.. texts.SelectMany(text => SecretText.ReadAll(text, "URI").Split('\n', Options))];
        return lines.Length > 0 ? lines : throw new InputException("URI: there is none in what was given.");
    }
}
