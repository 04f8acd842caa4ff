using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Pages;

internal static partial class Log
{
    public const string Category = "Callroute.Mfa";

    // As the endpoints of Callroute.Mfa.AspNetCore log it.
    [LoggerMessage(10, LogLevel.Error, "A code was not answered: {ErrorType}")]
    public static partial void CodeUnanswered(ILogger logger, string? errorType);

    [LoggerMessage(20, LogLevel.Error, "The text '{Key}' of the pages in the language '{Language}' has a placeholder too many, so it is "
        + "shown in English: '{Text}'")]
    public static partial void TextMalformed(ILogger logger, string key, string language, string text);
}
