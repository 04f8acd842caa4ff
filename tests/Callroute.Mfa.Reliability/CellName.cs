using System.Text.Json;

namespace Callroute.Mfa.Reliability;

/// <summary>A topology with a fault, and the files of its result.</summary>
internal sealed record CellName(string Topology, string Fault)
{
    private static readonly JsonSerializerOptions Json = new(History.Json) { WriteIndented = true };

    /// <summary>The repository: this program runs in <c>artifacts/bin/…/release</c> of it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "reliability")).FullName;

    public string HistoryPath => Path.Combine(Folder, $"{this}.jsonl");

    public CellResult? Result => Read<CellResult>($"{this}");

    public static T? Read<T>(string name) =>
        File.Exists(PathOf(name)) ? JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Json) : default;

    public static void Save<T>(string name, T value) => File.WriteAllText(PathOf(name), JsonSerializer.Serialize(value, Json));

    public override string ToString() => $"{Topology}.{Fault}";

    private static string PathOf(string name) => Path.Combine(Folder, $"{name}.json");
}

/// <summary>How long the load lasts before, during and after the fault, for how many users, and the seed of their decisions.</summary>
/// <remarks>A fault that does several things one after the other may last longer.</remarks>
internal sealed record CellPlan(TimeSpan Calm, TimeSpan Fault, TimeSpan After, int Users = 300, int Seed = 1)
{
    public static CellPlan Full { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));

    /// <summary>Short enough for every change of the code.</summary>
    public static CellPlan Short { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), Users: 60);
}
