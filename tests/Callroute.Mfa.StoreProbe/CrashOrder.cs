namespace Callroute.Mfa.StoreProbe;

/// <summary>One call of one user, and the point at which the process dies.</summary>
/// <param name="User">The user.</param>
/// <param name="Flow">The call.</param>
/// <param name="Call">
/// The call of the store, counted from one, at which the process dies; beyond the last, it dies after the answer.
/// </param>
/// <param name="Moment">Before that call, while it runs, or after it.</param>
/// <param name="Text">The code that is typed, or the text of a receipt.</param>
/// <param name="Id">The id of the attempt, of the enrolment or of the set.</param>
public sealed record CrashOrder(string User, CrashFlow Flow, int Call, CrashMoment Moment, string Text, string Id);
