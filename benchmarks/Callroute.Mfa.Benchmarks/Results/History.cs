using System.Text.Json;

namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The history of all runs, with one class result per line, oldest first.</summary>
public static class History
{
    public static void Append(string path, IEnumerable<ClassResult> run) =>
        File.AppendAllLines(path, run.Select(result => JsonSerializer.Serialize(result, ResultsJson.OneLine)));

    /// <summary>Reads the files that exist.</summary>
    public static IReadOnlyList<ClassResult> Load(params IEnumerable<string> paths) =>
    [
        .. paths.Distinct().Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => JsonSerializer.Deserialize<ClassResult>(line, ResultsJson.Options)!)
            .OrderBy(result => result.Run.Date),
    ];
}
