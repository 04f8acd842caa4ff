using System.Text.Json.Serialization;

namespace Callroute.Mfa.Reliability;

/// <summary>What users do. <see cref="Clock"/> and <see cref="Create"/> are orders to a node.</summary>
internal enum Op { Requirement, Verify, Guess, Recover, Begin, Confirm, Acknowledge, Regenerate, Disable, Unlock, Status, Clock, Create }

/// <summary>
/// An answer: to a code or a change (accepted, or refused with a reason), to a question (read), that the library does not know
/// (unavailable), or none (unknown).
/// </summary>
internal enum Outcome { Accepted, Refused, Read, Unavailable, Unknown }

/// <summary>One call and its answer: a line of the history. It has no secret, no code and no id that is a secret.</summary>
internal sealed record Call(string User, Op Op)
{
    public const string NodeDied = nameof(NodeDied);

    public int Id { get; init; }

    public int Node { get; init; }

    /// <summary>When it was sent, in milliseconds since the run began.</summary>
    public long Start { get; init; }

    /// <summary>When the answer came, or when the wait for it ended.</summary>
    public long End { get; init; }

    public Outcome Outcome { get; init; } = Outcome.Unknown;

    /// <summary>Why it was refused or unavailable, or what a sign-in requires.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a code was accepted, even if only as the proof of a change that was then refused.</summary>
    public bool IsCodeAccepted { get; init; }

    /// <summary>The phone and the time step of the code. Phones are numbered for each user.</summary>
    public string? Phone { get; init; }

    public long? Step { get; init; }

    /// <summary>The set of the recovery code.</summary>
    public Guid? Set { get; init; }

    /// <summary>The number of the attempt: a request that is sent again has the same.</summary>
    public int Attempt { get; init; }

    /// <summary>The phones that the change enrols and removes, if it succeeds.</summary>
    public string? Enrolls { get; init; }

    public string? Removes { get; init; }

    /// <summary>Whether the application's row says that the user must have MFA.</summary>
    public bool IsMfaRequired { get; init; }

    /// <summary>The phones and the failures of a status.</summary>
    public IReadOnlyList<string>? Phones { get; init; }

    public int? Failures { get; init; }

    [JsonIgnore]
    public bool IsAccepted => Outcome == Outcome.Accepted;

    /// <summary>Whether it may have changed something although nobody was told. Such a change may come at any later time.</summary>
    [JsonIgnore]
    public bool IsUncertain => Outcome is Outcome.Unavailable or Outcome.Unknown;

    /// <summary>Whether it signed the user in, or enrolled the user, after a time.</summary>
    public bool IsSignInAfter(long time) => Op is Op.Verify or Op.Confirm && IsAccepted && Start >= time;
}

/// <summary>A line to a node: a call with its secrets, or an order with a number of seconds.</summary>
internal sealed record Order(Call Call)
{
    public long Id { get; init; }

    public string? Text { get; init; }

    public string? Attempt { get; init; }

    public Guid? Target { get; init; }

    public Guid? Replaces { get; init; }

    public override string ToString() => $"{Call.Op}";
}

/// <summary>A line from a node.</summary>
internal sealed record Answer(Outcome Outcome, string? Reason = null, bool IsCodeAccepted = false)
{
    public long Id { get; init; }

    /// <summary>The begun enrolment, or the set of new recovery codes.</summary>
    public Guid? Target { get; init; }

    public string? Uri { get; init; }

    public string? RecoveryCode { get; init; }

    public Dictionary<string, Guid>? Phones { get; init; }

    public int? Failures { get; init; }

    public override string ToString() => $"{Outcome} {Reason}";
}
