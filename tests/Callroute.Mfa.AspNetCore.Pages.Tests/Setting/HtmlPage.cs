using System.Net;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>A page as a browser got it.</summary>
internal sealed partial record HtmlPage(HttpResponseMessage Response, string Path, string Html)
{
    public HttpStatusCode Status => Response.StatusCode;

    /// <summary>The secrets that it shows: the key, or the recovery codes.</summary>
    public string[] Secrets => [.. Secret.Matches(Html).Select(match => match.Groups[1].Value)];

    public string ProvisioningUri => WebUtility.HtmlDecode(UriLink.Match(Html).Groups[1].Value);

    /// <summary>What it says about the last form; empty for nothing.</summary>
    public string Notice => WebUtility.HtmlDecode(Tag.Replace(NoticeText.Match(Html).Groups[1].Value, string.Empty)).Trim();

    [GeneratedRegex("<code class=\"mfa-secret\"[^>]*>([^<]+)</code>")]
    private static partial Regex Secret { get; }

    [GeneratedRegex("href=\"(otpauth:[^\"]+)\"")]
    private static partial Regex UriLink { get; }

    [GeneratedRegex("<p class=\"mfa-notice (?:mfa-bad|mfa-good\" role=\"status)\">(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex NoticeText { get; }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag { get; }

    [GeneratedRegex("<form([^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form { get; }

    [GeneratedRegex("<input(?=[^>]* type=\"hidden\")(?=[^>]* name=\"([^\"]+)\")[^>]* value=\"([^\"]*)\"")]
    private static partial Regex Hidden { get; }

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action { get; }

    /// <summary>Finds the only form that is sent to an address with this end.</summary>
    public (string Action, Dictionary<string, string> Fields) FindForm(string end = "")
    {
        var form = Form.Matches(Html).Single(form => ActionOf(form).EndsWith(end, StringComparison.Ordinal));
        var fields = Hidden.Matches(form.Value)
            .ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        return (ActionOf(form), fields);
    }

    public void Shows(string text) => Assert.Contains(text, WebUtility.HtmlDecode(Html), StringComparison.Ordinal);

    public void ShowsNot(string text) => Assert.DoesNotContain(text, WebUtility.HtmlDecode(Html), StringComparison.Ordinal);

    private string ActionOf(Match form) =>
        Action.Match(form.Groups[1].Value) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : Path;
}
