using System.Xml.Linq;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>The versions in <c>Directory.Packages.props</c>.</summary>
internal static class CentralVersions
{
    private static readonly Dictionary<string, string> Versions =
        XDocument.Parse(Repository.Read("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(entry => entry.Attribute("Include")!.Value, entry => entry.Attribute("Version")!.Value);

    /// <summary>The version or range of a package.</summary>
    public static string Of(string package) => Versions[package];
}
