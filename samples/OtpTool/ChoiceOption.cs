using System.CommandLine;
using System.CommandLine.Parsing;

namespace Callroute.Mfa.OtpTool;

/// <summary>Creates options that accept one of a few words, in any case.</summary>
internal static class ChoiceOption
{
    public static Option<T> Create<T>(string name, string description, params (string Word, T Value)[] choices) => new(name)
    {
        HelpName = string.Join('|', choices.Select(choice => choice.Word)),
        Description = description,
        CustomParser = argument => Read(argument, name, choices),
    };

    private static T? Read<T>(ArgumentResult argument, string name, (string Word, T Value)[] choices)
    {
        var word = argument.Tokens[0].Value;
        var choice = Array.FindIndex(choices, choice => choice.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (choice < 0)
        {
            var words = choices.Select(other => other.Word).ToArray();
            argument.AddError($"{name} must be {string.Join(", ", words[..^1])} or {words[^1]}.");
        }

        return choice < 0 ? default : choices[choice].Value;
    }
}
