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
                + "'-' reads one a line from standard input.",
        };
        var command = new Command("migrate", "Convert between otpauth URIs and Google Authenticator's export. Prints secrets.") { texts };
        command.SetAction(result => Run(ReadLines(result.GetRequiredValue(texts))));
        return command;
    }

    private static int Run(string[] texts)
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
            Console.Out.WriteLine(line);
        }

        return 0;
    }

    private static string[] ReadLines(string[] texts)
    {
        string[] lines = texts is ["-"] ? Console.In.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries) : texts;
        lines = [.. lines.Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new InputException("Standard input has no URI.");
    }
}
