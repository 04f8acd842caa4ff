using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Reliability;

/// <summary>Records every call, in memory and as JSON lines.</summary>
internal sealed class History(string path) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
    };

    private readonly StreamWriter _file = new(path);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Call> _calls = [];

    /// <summary>Milliseconds since the run began.</summary>
    public long Now => _clock.ElapsedMilliseconds;

    /// <summary>A copy of the calls so far.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public static IEnumerable<Call> Read(string path) =>
        File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Call>(line, Json)!);

    public void Add(Call call)
    {
        lock (_calls)
        {
            _calls.Add(call);
            _file.WriteLine(JsonSerializer.Serialize(call, Json));
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
