using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Reliability;

/// <summary>A topology with a fault, and the files of its result.</summary>
internal sealed record CellName(string Topology, string Fault)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The repository: this program runs in <c>artifacts/bin/…/release</c> of it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "reliability")).FullName;

    public string ResultPath => Path.Combine(Folder, $"{this}.json");

    public string HistoryPath => Path.Combine(Folder, $"{this}.jsonl");

    public CellResult? Result => File.Exists(ResultPath)
        ? JsonSerializer.Deserialize<CellResult>(File.ReadAllText(ResultPath), Json)
        : null;

    public void Save(CellResult result) => File.WriteAllText(ResultPath, JsonSerializer.Serialize(result, Json));

    public override string ToString() => $"{Topology}.{Fault}";
}
