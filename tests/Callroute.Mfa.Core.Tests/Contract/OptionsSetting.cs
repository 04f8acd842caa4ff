using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Callroute.Mfa.Core.Tests.Contract;

/// <summary>One setting of <see cref="MfaOptions"/>, found by reflection, so that a new one is tested without a new test.</summary>
/// <param name="Path">The path of properties to the setting.</param>
internal sealed partial record OptionsSetting(IReadOnlyList<PropertyInfo> Path)
{
    private static readonly XDocument Documentation =
        XDocument.Load(System.IO.Path.ChangeExtension(typeof(MfaOptions).Assembly.Location, ".xml"));

    public static IReadOnlyList<OptionsSetting> All { get; } = [.. Of(typeof(MfaOptions), [])];

    public string Name => string.Join('.', Path.Select(property => property.Name));

    public Type Type => Nullable.GetUnderlyingType(Path[^1].PropertyType) ?? Path[^1].PropertyType;

    /// <summary>Whether the setting has a minimum and a maximum.</summary>
    public bool HasRange => Type == typeof(int) || Type == typeof(TimeSpan);

    /// <summary>The text of its documentation's "value" element.</summary>
    public string Documented => Documentation.Descendants("member")
        .Single(member => (string?)member.Attribute("name") == $"P:{Path[^1].DeclaringType!.FullName}.{Path[^1].Name}")
        .Element("value")!.Value;

    /// <summary>The documented range, such as "1 min–1 h" or "15–300 s".</summary>
    public (IComparable Minimum, IComparable Maximum) DocumentedRange()
    {
        var match = RangeText().Match(Documented);
        var (from, fromUnit, to, toUnit) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value);
        return (ValueOf(from, fromUnit.Length > 0 ? fromUnit : toUnit), ValueOf(to, toUnit));
    }

    /// <summary>The documented defaults: there is a second one if the option class is used twice.</summary>
    public IEnumerable<object> DocumentedDefaults() =>
        PerProcessorText().Match(Documented) is { Success: true } perProcessor
            ? [Math.Min(Environment.ProcessorCount, (int)ValueOf(perProcessor.Groups[1].Value, string.Empty))]
            : DefaultText().Matches(Documented).Select(match => ValueOf(match.Groups[1].Value, match.Groups[2].Value));

    public object? Get(MfaOptions options) => Path.Aggregate((object?)options, (owner, property) => property.GetValue(owner));

    public void Set(MfaOptions options, object? value) =>
        Path[^1].SetValue(Path.SkipLast(1).Aggregate((object)options, (owner, property) => property.GetValue(owner)!), value);

    /// <summary>The next value: one more, or a second more.</summary>
    public object Next(object value, int step) => value is TimeSpan time ? time + TimeSpan.FromSeconds(step) : (int)value + step;

    private IComparable ValueOf(string number, string unit)
    {
        var value = int.Parse(number, CultureInfo.InvariantCulture);
        return Type == typeof(int) ? value : unit switch
        {
            "s" => TimeSpan.FromSeconds(value),
            "min" => TimeSpan.FromMinutes(value),
            "h" => TimeSpan.FromHours(value),
            "day" or "days" => TimeSpan.FromDays(value),
            _ => throw new FormatException($"The documentation of {Name} gives {number} without a unit of time."),
        };
    }

    private static IEnumerable<OptionsSetting> Of(Type type, IReadOnlyList<PropertyInfo> owners) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => property.SetMethod is { IsPublic: true }
            ? [new OptionsSetting([.. owners, property])]
            : Of(property.PropertyType, [.. owners, property]));

    [GeneratedRegex(@"(\d+)(?: (s|min|h|days?))?–(\d+)(?: (s|min|h|days?)\b)?")]
    private static partial Regex RangeText();

    [GeneratedRegex(@"default is the number of processors, at most (\d+)")]
    private static partial Regex PerProcessorText();

    [GeneratedRegex(@"(?:default is|, and) (\d+)(?: (s|min|h|days?)\b)?")]
    private static partial Regex DefaultText();
}
