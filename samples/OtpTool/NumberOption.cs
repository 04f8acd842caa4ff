using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Callroute.Mfa.OtpTool;

/// <summary>Creates options that accept a whole number within a range.</summary>
internal static class NumberOption
{
    /// <summary>Creates an option whose value is null if it is not given.</summary>
    public static Option<long?> Create(string name, long minimum, long maximum, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = argument => Read(argument, name, minimum, maximum),
    };

    private static long? Read(ArgumentResult argument, string name, long minimum, long maximum)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign;
        var isInRange = long.TryParse(argument.Tokens[0].Value, Styles, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum;
        if (!isInRange)
        {
            argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {minimum} to {maximum}."));
        }

        return isInRange ? number : null;
    }
}
