namespace Callroute.Mfa.Reliability;

/// <summary>The rules that a history is held to.</summary>
internal enum Rule
{
    /// <summary>A time step of a phone, or a recovery set, was accepted a second time.</summary>
    Doubled,

    /// <summary>An acknowledged enrolment, change or disable is not there at the end.</summary>
    Lost,

    /// <summary>Fewer failures are stored than guesses were refused.</summary>
    Uncounted,

    /// <summary>A user who must pass MFA was let in without it.</summary>
    Passed,

    /// <summary>An answer came after the bound.</summary>
    Late,

    /// <summary>A refusal that the calls before it do not allow.</summary>
    WrongRefusal,

    /// <summary>A user was not in within a minute after the fault.</summary>
    NotIn,
}

/// <summary>A broken rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Text">What happened, in words.</param>
internal sealed record Finding(Rule Rule, string Text);
