namespace Callroute.Mfa.Reliability;

/// <summary>The calls that users make, by the names that the history shows.</summary>
internal static class Op
{
    public const string Requirement = "requirement";
    public const string Verify = "verify";
    public const string Guess = "guess";
    public const string Recover = "recover";
    public const string Begin = "begin";
    public const string Confirm = "confirm";
    public const string Acknowledge = "acknowledge";
    public const string Regenerate = "regenerate";
    public const string Disable = "disable";
    public const string Unlock = "unlock";
    public const string Status = "status";

    /// <summary>Creates the table. Not a call of a user.</summary>
    public const string Create = "create";

    /// <summary>Sets the offset of the node's clock. Not a call of a user.</summary>
    public const string Clock = "clock";

    /// <summary>The application's row has been written. It answers the node's notice.</summary>
    public const string Row = "row";
}

/// <summary>What an answer can be.</summary>
internal static class Outcome
{
    /// <summary>A code was accepted, or a change was made.</summary>
    public const string Accepted = "accepted";

    /// <summary>Refused, with a reason.</summary>
    public const string Refused = "refused";

    /// <summary>The library does not know, or could not do it.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>There was no answer.</summary>
    public const string Unknown = "unknown";

    /// <summary>A question was answered: a requirement or a status.</summary>
    public const string Read = "read";
}

/// <summary>One line to a node.</summary>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Op">What to do.</param>
/// <param name="User">For whom.</param>
internal sealed record Request(long Id, string Op, string User = "")
{
    /// <summary>The typed code, or the clock's offset in seconds.</summary>
    public string? Text { get; init; }

    public string? Attempt { get; init; }

    /// <summary>The name of the phone to enrol.</summary>
    public string? Phone { get; init; }

    /// <summary>The id of an enrolment, or of a set of recovery codes.</summary>
    public Guid? Target { get; init; }

    public Guid? Replaces { get; init; }

    /// <summary>The policy in the application's row.</summary>
    public bool IsMfaRequired { get; init; }

    /// <summary>Who is enrolled, in the application's row.</summary>
    public bool IsEnrolled { get; init; }
}

/// <summary>One line from a node: an answer, or a notice for the application's row.</summary>
/// <param name="Id">The request's, or the notice's.</param>
/// <param name="Outcome">One of <see cref="Reliability.Outcome"/>, or <see cref="Op.Row"/> for a notice.</param>
/// <param name="Reason">Why it was refused or unavailable, or what a sign-in requires.</param>
internal sealed record Answer(long Id, string Outcome, string? Reason = null)
{
    /// <summary>Whether a code was accepted, even if the change that it should prove was not made.</summary>
    public bool IsCodeAccepted { get; init; }

    /// <summary>The id of the begun enrolment, or of the set of new recovery codes.</summary>
    public Guid? Target { get; init; }

    public string? Uri { get; init; }

    public string? RecoveryCode { get; init; }

    /// <summary>The authenticators of a status, by the names of their phones.</summary>
    public Dictionary<string, Guid>? Phones { get; init; }

    /// <summary>The stored failures of a status.</summary>
    public int? Failures { get; init; }

    public string? User { get; init; }

    public bool IsEnrolled { get; init; }
}
