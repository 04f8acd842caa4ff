using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Reliability;

/// <summary>Records every call, in memory and as JSON lines.</summary>
internal sealed class History(string path) : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly StreamWriter _file = new(path);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Call> _calls = [];

    /// <summary>Milliseconds since the run began.</summary>
    public long Now => _clock.ElapsedMilliseconds;

    public static IEnumerable<Call> Read(string path) =>
        File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Call>(line, Json)!);

    public IReadOnlyList<Call> Copy()
    {
        lock (_calls)
        {
            return [.. _calls];
        }
    }

    public void Add(Call call)
    {
        lock (_calls)
        {
            _calls.Add(call with { Id = _calls.Count + 1 });
            _file.WriteLine(JsonSerializer.Serialize(_calls[^1], Json));
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
