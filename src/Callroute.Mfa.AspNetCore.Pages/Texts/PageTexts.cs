using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Finds the texts in the language of the request: first those of the application, whose resource <c>MfaTexts</c> adds languages and
/// replaces texts, then those of this package.
/// </summary>
internal sealed class PageTexts(IStringLocalizerFactory factory, IHostEnvironment environment, ILoggerFactory loggers)
{
    private const string Resource = "MfaTexts";

    private static readonly ResourceManager English = new($"{typeof(PageTexts).Namespace}.Texts.{Resource}", typeof(PageTexts).Assembly);

    private readonly ConcurrentDictionary<string, bool> _malformed = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger(Log.Category);
    private readonly IStringLocalizer _own = factory.Create(Resource, typeof(PageTexts).Assembly.GetName().Name!);
    private readonly IStringLocalizer? _applications = FindApplications(factory, environment.ApplicationName);

    /// <summary>The culture of the texts, for dates. It is the request's unless there are no texts in its language.</summary>
    public CultureInfo Culture =>
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == this["Language"]
            ? CultureInfo.CurrentUICulture
            : CultureInfo.InvariantCulture;

    public string this[string key, params object[] arguments]
    {
        get
        {
            var text = Find(key) ?? throw new InvalidOperationException($"There is no text '{key}'.");
            return arguments.Length == 0 ? text : Format(key, text, arguments);
        }
    }

    public string? Find(string key) =>
        _applications?[key] is { ResourceNotFound: false } replaced ? replaced.Value
        : _own[key] is { ResourceNotFound: false } text ? text.Value
        : null;

    /// <summary>A wait, never told shorter than it is.</summary>
    public string Wait(TimeSpan wait) => wait.TotalSeconds <= 90
        ? Count("Second", wait.TotalSeconds)
        : wait.TotalMinutes <= 90 ? Count("Minute", wait.TotalMinutes) : Count("Hour", wait.TotalHours);

    public string Date(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm", Culture) + " UTC";

    /// <summary>The user's name for an authenticator, else one with the number that the app shows.</summary>
    public string NameOf(AuthenticatorStatus authenticator) => authenticator switch
    {
        { Name: { } name } => name,
        { LabelNumber: > 0 and var number } => string.Create(CultureInfo.InvariantCulture, $"{this["Authenticator"]} ({number})"),
        _ => this["Authenticator"],
    };

    // The application's name need not be that of an assembly.
    private static IStringLocalizer? FindApplications(IStringLocalizerFactory factory, string name)
    {
        try
        {
            return factory.Create(Resource, name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // A text of the application may be wrong, and nobody may be kept from signing in by that.
    private string Format(string key, string text, object[] arguments)
    {
        try
        {
            return string.Format(CultureInfo.CurrentCulture, text, arguments);
        }
        catch (FormatException)
        {
            if (_malformed.TryAdd(text, true))
            {
                Log.TextMalformed(_logger, key, CultureInfo.CurrentUICulture.Name, text);
            }

            return string.Format(CultureInfo.CurrentCulture, English.GetString(key, CultureInfo.InvariantCulture)!, arguments);
        }
    }

    private string Count(string unit, double number) =>
        Math.Ceiling(number) is var whole && whole == 1 ? this[$"Wait.{unit}"] : this[$"Wait.{unit}s", whole];
}
