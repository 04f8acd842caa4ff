using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>A page as it arrived, after redirects.</summary>
internal sealed partial record Page(Uri Address, HttpStatusCode Status, string Html)
{
    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms { get; }

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Inputs { get; }

    [GeneratedRegex(@"<script.*?</script>|<[^>]*>|\s+", RegexOptions.Singleline)]
    private static partial Regex NoText { get; }

    /// <summary>Where it is, its status, and what it says.</summary>
    public override string ToString() => $"{Address}: {(int)Status} {string.Join(' ', NoText.Split(Html).Where(text => text.Length > 0))}";

    /// <summary>Returns the decoded texts of the groups of the pattern.</summary>
    public string[] Find([StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        [.. Regex.Matches(Html, pattern).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    /// <summary>The form that has a text: where it goes, and the fields that a browser would send with it.</summary>
    public (string Action, Dictionary<string, string> Fields) FindForm(string text)
    {
        var form = Forms.Matches(Html).Select(match => match.Value).FirstOrDefault(
            form => form.Contains(text, StringComparison.OrdinalIgnoreCase));
        Assert.True(form is not null, $"There is no form with '{text}' at {this}");
        var fields = Inputs.Matches(form).Select(match => match.Value)
            .Where(input => Attribute(input, "name") is not null && Attribute(input, "type") != "checkbox")
            .ToDictionary(input => Attribute(input, "name")!, input => Attribute(input, "value") ?? string.Empty);
        return (Attribute(form, "action") is { Length: > 0 } action ? $"/{action.TrimStart('/')}" : Address.PathAndQuery, fields);
    }

    private static string? Attribute(string element, string name) =>
        Regex.Match(element, $"^[^>]*\\s{name}=\"([^\"]*)\"") is { Success: true } match
            ? WebUtility.HtmlDecode(match.Groups[1].Value)
            : null;
}
