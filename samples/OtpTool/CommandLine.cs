using System.CommandLine;

namespace Callroute.Mfa.OtpTool;

/// <summary>The verbs, and what is said of a command line that is not understood.</summary>
internal static class CommandLine
{
    public static ParseResult Parse(string[] arguments)
    {
        var root = new RootCommand("One-time passwords, provisioning URIs and recovery codes.")
        {
            CodeVerb.Create(),
            VerifyVerb.Create(),
            UriVerb.Create(),
            ParseVerb.Create(),
            QrVerb.Create(),
            RecoveryVerb.Create(),
        };
        root.Directives.Clear();

        // Arguments are taken as they stand: no file is read for '@name', no bundle of letters split.
        var result = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return result.Errors.Count == 0 ? result : throw new InputException(Describe(result, arguments));
    }

    // The parser's message about what it does not know repeats it, and that may be a secret: the position must do.
    private static string Describe(ParseResult result, string[] arguments)
    {
        var command = result.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            return $"Say what to do: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}, or --help.";
        }

        return result.UnmatchedTokens.Count > 0
            ? $"Argument {Array.LastIndexOf(arguments, result.UnmatchedTokens[0]) + 1} is not understood; see --help."
            : result.Errors[0].Message;
    }
}
