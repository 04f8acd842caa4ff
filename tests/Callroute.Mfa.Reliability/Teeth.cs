using System.Text.Json;

namespace Callroute.Mfa.Reliability;

/// <summary>How many codes were accepted twice in each run of an unsafe topology.</summary>
internal static class Teeth
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static string FilePath => Path.Combine(CellName.Folder, "teeth.json");

    public static Dictionary<string, List<int>> Read() =>
        File.Exists(FilePath) ? JsonSerializer.Deserialize<Dictionary<string, List<int>>>(File.ReadAllText(FilePath))! : [];

    public static void Save(Dictionary<string, List<int>> found) => File.WriteAllText(FilePath, JsonSerializer.Serialize(found, Json));
}
