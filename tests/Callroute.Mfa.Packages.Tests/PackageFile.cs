using System.IO.Compression;
using System.Xml.Linq;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>The content of a package.</summary>
internal sealed class PackageFile
{
    private readonly Dictionary<string, byte[]> _files;

    public PackageFile(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        _files = archive.Entries.ToDictionary(entry => entry.FullName, Read, StringComparer.Ordinal);
    }

    /// <summary>The files of the package, without those of its container.</summary>
    public IEnumerable<string> Files =>
        _files.Keys.Where(name => name.Split('/')[0] is not ("_rels" or "package" or "[Content_Types].xml")).Order(StringComparer.Ordinal);

    public byte[] this[string name] => _files[name];

    /// <summary>Reads the metadata of the nuspec, its namespace taken off.</summary>
    public XElement ReadMetadata()
    {
        using var stream = new MemoryStream(_files.Single(file => file.Key.EndsWith(".nuspec", StringComparison.Ordinal)).Value);
        var nuspec = XDocument.Load(stream);
        foreach (var element in nuspec.Descendants())
        {
            element.Name = element.Name.LocalName;
        }

        return nuspec.Root!.Element("metadata")!;
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
