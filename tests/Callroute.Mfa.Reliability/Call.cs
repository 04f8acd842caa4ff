namespace Callroute.Mfa.Reliability;

/// <summary>What users do. <see cref="Clock"/> and <see cref="Create"/> are orders to a node.</summary>
internal enum Op { Requirement, Verify, Guess, Recover, Begin, Confirm, Acknowledge, Regenerate, Disable, Unlock, Status, Clock, Create }

/// <summary>
/// An answer: to a code or a change (accepted, or refused with a reason), to a question (read), that the library does not know
/// (unavailable), or none (unknown).
/// </summary>
internal enum Outcome { Accepted, Refused, Read, Unavailable, Unknown }

/// <summary>One call and its answer: a line of the history. It has no secret, no code and no id that is a secret.</summary>
/// <param name="User">The user.</param>
/// <param name="Op">What the user did.</param>
/// <param name="Phone">The phone of the code. Phones are numbered for each user.</param>
/// <param name="Step">The time step of the code.</param>
/// <param name="Set">The set of the recovery code.</param>
/// <param name="Attempt">The number of the attempt: a request that is sent again has the same.</param>
/// <param name="Enrolls">The phone that is enrolled, if the change succeeds.</param>
/// <param name="Removes">The phone that is removed then.</param>
/// <param name="IsMfaRequired">Whether the application's row says that the user must have MFA.</param>
internal sealed record Call(
    string User, Op Op, string? Phone = null, long? Step = null, Guid? Set = null, int? Attempt = null, string? Enrolls = null,
    string? Removes = null, bool IsMfaRequired = false)
{
    public int Id { get; init; }

    public int Node { get; init; }

    /// <summary>When it was sent, in milliseconds since the run began.</summary>
    public long Start { get; init; }

    /// <summary>When the answer came, or when the wait for it ended.</summary>
    public long End { get; init; }

    /// <summary>The answer, without its secrets.</summary>
    public Answer Answer { get; init; } = new(Outcome.Unknown);

    public bool IsAccepted => Answer.Outcome == Outcome.Accepted;

    /// <summary>Whether it may have changed something although nobody was told. Such a change may come at any later time.</summary>
    public bool IsUncertain => Answer.Outcome is Outcome.Unavailable or Outcome.Unknown;

    /// <summary>Whether it signed the user in, or enrolled the user, after a time.</summary>
    public bool IsSignInAfter(long time) => Op is Op.Verify or Op.Confirm && IsAccepted && Start >= time;
}

/// <summary>An answer.</summary>
/// <param name="Outcome">Its kind.</param>
/// <param name="Reason">Why it was refused or unavailable, or what a sign-in requires.</param>
/// <param name="IsCodeAccepted">Whether a code was accepted, even if only as the proof of a change that was then refused.</param>
/// <param name="Phones">The authenticators of a status, by the names of their phones.</param>
/// <param name="Failures">The stored failures of a status.</param>
internal sealed record Answer(
    Outcome Outcome, string? Reason = null, bool IsCodeAccepted = false, Dictionary<string, Guid>? Phones = null, int? Failures = null)
{
    /// <summary>The reason where a node died before it answered.</summary>
    public const string NodeDied = nameof(NodeDied);
}

/// <summary>A line to a node: a call with its secrets, or an order with a number of seconds.</summary>
internal sealed record Order(
    Call Call, string? Text = null, string? Attempt = null, Guid? Target = null, Guid? Replaces = null, long Id = 0)
{
    public override string ToString() => $"{Call.Op}";
}

/// <summary>A line from a node: an answer with its secrets. The target is the begun enrolment or the set of new recovery codes.</summary>
internal sealed record Reply(Answer Answer, Guid? Target = null, string? Uri = null, string? RecoveryCode = null, long Id = 0)
{
    public bool IsAccepted => Answer.Outcome == Outcome.Accepted;

    public override string ToString() => $"{Answer.Outcome}";
}
