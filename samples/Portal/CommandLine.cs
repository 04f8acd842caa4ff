using System.CommandLine;

namespace Callroute.Portal;

/// <summary>
/// The words of the command line that are not settings: none of them starts the portal, a verb is for an administrator at the server's
/// own console.
/// </summary>
internal static class CommandLine
{
    public const string Require = "require";
    public const string Unlock = "unlock";
    public const string Reset = "reset";

    /// <summary>In place of the name of a list's file.</summary>
    public const string Input = "-";

    /// <summary>As much as the audit trail keeps.</summary>
    private const int LongestReason = 200;

    private static readonly string[] HostSettings = ["applicationName", "contentRoot", "environment", "urls"];
    private static readonly string[] Sections = ["Callroute", "ConnectionStrings", "Kestrel", "Logging", "Portal"];

    public static Argument<string[]> Emails { get; } = CreateEmails();

    public static Option<string> List { get; } =
        new("--list") { Description = $"A file with one e-mail address a line; {Input} for the input." };

    public static Option<string> Reason { get; } = CreateReason();

    public static Option<bool> Resume { get; } =
        new("--resume") { Description = "Goes on after an interruption: leaves out who has a reset for this reason already." };

    /// <summary>Takes settings, such as <c>--urls=…</c> or <c>--Portal:Data …</c>, from wherever they are between the words.</summary>
    public static (string[] Settings, string[] Words) Split(string[] args)
    {
        List<string> settings = [];
        List<string> words = [];
        for (var i = 0; i < args.Length; i++)
        {
            var isSetting = IsSetting(args[i]);
            (isSetting ? settings : words).Add(args[i]);
            if (isSetting && !args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Length)
            {
                settings.Add(args[++i]);
            }
        }

        return ([.. settings], [.. words]);
    }

    /// <returns>With an action where there is nothing to do but to help.</returns>
    public static ParseResult Parse(string[] words)
    {
        var root = new RootCommand("The Portal. Without a verb, it starts.")
        {
            CreateVerb(Require, "The users must have Multi-Factor Authentication from now on."),
            CreateVerb(Unlock, "Ends waits and lockouts after wrong codes.", Reason),
            CreateVerb(Reset, "Removes the users' authenticators; the next sign-in leads to setting one up.", Reason, Resume),
        };
        root.Directives.Clear();
        return root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static bool IsSetting(string arg)
    {
        var name = arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..].Split('=')[0] : string.Empty;
        return HostSettings.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Sections.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase);
    }

    private static Command CreateVerb(string name, string description, params Option[] options)
    {
        var verb = new Command(name, description) { Emails, List };
        foreach (var option in options)
        {
            verb.Add(option);
        }

        verb.Validators.Add(result =>
        {
            var list = result.GetValue(List);
            if (list is null && result.GetValue(Emails) is not { Length: > 0 })
            {
                result.AddError($"Say who: e-mail addresses, or {List.Name}.");
            }
            else if (list is not (null or Input) && !File.Exists(list))
            {
                result.AddError($"There is no file {list}.");
            }
        });
        return verb;
    }

    private static Argument<string[]> CreateEmails()
    {
        var emails = new Argument<string[]>("e-mail address") { Description = "The users.", Arity = ArgumentArity.ZeroOrMore };
        emails.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"There is no option {option.Value}.");
            }
        });
        return emails;
    }

    private static Option<string> CreateReason()
    {
        var reason = new Option<string>("--reason") { Description = "For the audit trail.", Required = true };
        reason.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? string.Empty;
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestReason || text.Any(char.IsControl))
            {
                result.AddError($"The reason must have 1 to {LongestReason} characters, on one line.");
            }
        });
        return reason;
    }
}
