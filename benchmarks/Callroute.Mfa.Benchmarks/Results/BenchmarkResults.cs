using System.Text.Json;

namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The results file: the last run of every benchmark class.</summary>
public sealed record BenchmarkResults(int Schema, IReadOnlyList<ClassResult> Classes)
{
    /// <summary>The version of the format. It is raised when a member changes its meaning or is removed.</summary>
    public const int CurrentSchema = 1;

    public static BenchmarkResults Empty { get; } = new(CurrentSchema, []);

    public static BenchmarkResults Load(string path)
    {
        var results = JsonSerializer.Deserialize<BenchmarkResults>(File.ReadAllBytes(path), ResultsJson.Options)!;
        return results.Schema == CurrentSchema
            ? results
            : throw new InvalidDataException($"{path} has schema {results.Schema}; this program reads {CurrentSchema}.");
    }

    public ClassResult? Find(string name) => Classes.SingleOrDefault(result => result.Class == name);

    /// <summary>Replaces the results of the classes of a run. The figures of one class always come from one run.</summary>
    public BenchmarkResults With(IReadOnlyList<ClassResult> run) =>
        this with
        {
            Classes =
            [
                .. Classes.ExceptBy(
                    run.Select(result => result.Class),
                    result => result.Class).Concat(run).OrderBy(result => result.Class, StringComparer.Ordinal),
            ],
        };

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, ResultsJson.Options) + "\n");
}
