using System.CommandLine;
using System.CommandLine.Parsing;
using Callroute.Mfa.OtpTool.Stores;

namespace Callroute.Mfa.OtpTool;

/// <summary>Parses the command line and describes its errors.</summary>
internal static class CommandLine
{
    public static ParseResult Parse(string[] arguments)
    {
        var root = new RootCommand("One-time passwords, provisioning URIs, keys and recovery codes; and the records of a store.")
        {
            SecretVerb.Create(),
            KeyVerb.Create(),
            CodeVerb.Create(),
            VerifyVerb.Create(),
            UriVerb.Create(),
            ParseVerb.Create(),
            QrVerb.Create(),
            MigrateVerb.Create(),
            RecoveryVerb.Create(),
            RotateVerb.Create(),
            ResetVerb.Create(),
            ReportVerb.Create(),
        };
        root.Add(Output.Json);
        root.Directives.Clear();

        // Use the arguments as given: do not read a file for '@name', and do not split bundles of letters.
        var result = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return result.Errors.Count == 0 ? result : throw new InputException(Describe(result, arguments));
    }

    // The parser's message for an unknown argument repeats the argument, which may be a secret. Print its position instead.
    private static string Describe(ParseResult result, string[] arguments)
    {
        var command = result.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            return $"Say what to do: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}, or --help.";
        }

        return result.UnmatchedTokens.Count > 0
            ? $"Argument {Array.LastIndexOf(arguments, result.UnmatchedTokens[0]) + 1} is not understood; see --help."
            : DescribeMissing(result, command) ?? DescribeFirst(result.Errors[0]);
    }

    private static string? DescribeMissing(ParseResult result, Command command) =>
        command.Arguments.FirstOrDefault(argument => result.GetResult(argument) is null or { Tokens.Count: 0 }) is { } argument
            ? $"{argument.Name} is missing. {argument.Name}: {argument.Description}"
            : null;

    // Our own messages say what an option takes. Those of the parser do not.
    private static string DescribeFirst(ParseError error) =>
        error.SymbolResult is OptionResult { Option: var option } && error.Message.Contains($"'{option.Name}'", StringComparison.Ordinal)
            ? $"{error.Message} {option.Name} {option.HelpName}: {option.Description}"
            : error.Message;
}
