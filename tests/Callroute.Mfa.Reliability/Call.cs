namespace Callroute.Mfa.Reliability;

/// <summary>One call and its answer: a line of the history. It has no secret, no code and no id that is a secret.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Node">0–2.</param>
/// <param name="User">The user.</param>
/// <param name="Operation">One of <see cref="Op"/>.</param>
internal sealed record Call(int Id, int Node, string User, string Operation)
{
    /// <summary>The reason of a call whose node died before it answered.</summary>
    public const string NodeDied = nameof(NodeDied);

    /// <summary>When it was sent, in milliseconds since the run began.</summary>
    public long Start { get; init; }

    /// <summary>When the answer came, or when the wait for it ended.</summary>
    public long End { get; init; }

    /// <summary>One of <see cref="Reliability.Outcome"/>.</summary>
    public string Outcome { get; init; } = Reliability.Outcome.Unknown;

    public string? Reason { get; init; }

    /// <summary>Whether a code was accepted, also if it was only the proof of a change that was then refused.</summary>
    public bool IsCodeAccepted { get; init; }

    /// <summary>The phone of the code. Phones are numbered for each user.</summary>
    public string? Phone { get; init; }

    /// <summary>The time step of the code.</summary>
    public long? Step { get; init; }

    /// <summary>The set of the recovery code.</summary>
    public Guid? Set { get; init; }

    /// <summary>The number of the attempt: a request that is sent again has the same.</summary>
    public int Attempt { get; init; }

    /// <summary>The phone that is enrolled.</summary>
    public string? Enrolls { get; init; }

    /// <summary>The phone that is replaced, if the change succeeds.</summary>
    public string? Removes { get; init; }

    /// <summary>Whether the application's row says that the user must have MFA.</summary>
    public bool IsMfaRequired { get; init; }

    /// <summary>The phones of a status.</summary>
    public IReadOnlyList<string>? Phones { get; init; }

    /// <summary>The stored failures of a status.</summary>
    public int? Failures { get; init; }

    /// <summary>Whether it may have changed something although nobody was told. Such a change may come at any later time.</summary>
    public bool IsUncertain => Outcome is Reliability.Outcome.Unavailable or Reliability.Outcome.Unknown;

    public bool IsAccepted => Outcome == Reliability.Outcome.Accepted;

    /// <summary>Whether it signed the user in, or enrolled the user, after a time.</summary>
    public bool IsSignInAfter(long time) => Operation is Op.Verify or Op.Confirm && IsAccepted && Start >= time;
}
