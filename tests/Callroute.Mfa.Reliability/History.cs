using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Reliability;

/// <summary>What users do. <see cref="Clock"/> and <see cref="Create"/> are orders to a node.</summary>
internal enum Op { Requirement, Verify, Guess, Recover, Begin, Confirm, Acknowledge, Regenerate, Disable, Unlock, Status, Clock, Create }

/// <summary>Yes, no with a reason, the answer to a question, that the library does not know, or no answer.</summary>
internal enum Outcome { Accepted, Refused, Read, Unavailable, Unknown }

/// <summary>One call and its answer: a line of the history. It has no secret, no code and no id that is a secret.</summary>
/// <remarks>
/// The phone, the step and the set are those of the code; phones are numbered for each user. A request that is sent again has the number of
/// the same attempt. If the change succeeds, it enrols one phone and removes another. A user who must have MFA is so in the application's
/// row. It was sent at the start, in milliseconds since the run began. At the end its answer came, or the wait for it ended.
/// </remarks>
internal sealed record Call(
    string User, Op Op, string? Phone = null, long? Step = null, Guid? Set = null, int? Attempt = null, string? Enrolls = null,
    string? Removes = null, bool IsMfaRequired = false)
{
    public int Id { get; init; }
    public int Node { get; init; }
    public long Start { get; init; }
    public long End { get; init; }
    public Answer Answer { get; init; } = new(Outcome.Unknown);
    public bool IsAccepted => Answer.Outcome == Outcome.Accepted;
    public bool IsUncertain => Answer.IsUncertain;
    public bool IsSignInAfter(long time) => Op is Op.Verify or Op.Confirm && IsAccepted && Start >= time;
}

/// <summary>An answer without its secrets.</summary>
/// <remarks>The reason also says what a sign-in requires. A code may be accepted only as the proof of a change that was refused.</remarks>
internal sealed record Answer(
    Outcome Outcome, string? Reason = null, bool IsCodeAccepted = false, Dictionary<string, Guid>? Phones = null, int? Failures = null)
{
    public const string NodeDied = nameof(NodeDied);
    /// <summary>Whether the call may have changed something although nobody was told. Such a change may come at any later time.</summary>
    public bool IsUncertain => Outcome is Outcome.Unavailable or Outcome.Unknown;
}

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
    private readonly ConcurrentQueue<Call> _calls = [];

    public long Now => _clock.ElapsedMilliseconds;

    public static IEnumerable<Call> Read(string path) => File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Call>(line, Json)!);

    public IReadOnlyList<Call> Copy() => [.. _calls];

    public void Add(Call call)
    {
        lock (_file)
        {
            call = call with { Id = _calls.Count + 1 };
            _calls.Enqueue(call);
            _file.WriteLine(JsonSerializer.Serialize(call, Json));
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
