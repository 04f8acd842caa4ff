namespace Callroute.Mfa.Reliability;

/// <summary>The rules that a history is held to, in the order of the columns of <c>reliability.template</c>, which says them.</summary>
internal enum Rule { Doubled, Lost, Uncounted, Passed, Late, Wrong, NotIn }

internal sealed record Finding(Rule Rule, string Text);

/// <summary>Finds what breaks a rule in the calls of one user, which are in the order of their starts.</summary>
/// <remarks>
/// A call that was unavailable or had no answer may have changed something, and may do so at any later time. Where that could explain what
/// is seen, nothing is found. Two calls at the same millisecond are in no order.
/// </remarks>
internal sealed class Checker(IReadOnlyList<Call> calls)
{
    /// <summary>The bound of a call, and what this machine may add to it: it runs all nodes, all servers and all users.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(5) + TimeSpan.FromSeconds(1.5);

    public static readonly TimeSpan Healing = TimeSpan.FromSeconds(60);

    /// <summary>Checks a history with a fault that ended at this millisecond; null leaves out <see cref="Rule.NotIn"/>.</summary>
    public static IReadOnlyList<Finding> Check(IEnumerable<Call> calls, long? healedAt) =>
    [
        .. calls.GroupBy(call => call.User).Select(user => new Checker([.. user.OrderBy(call => call.Start)]))
            .SelectMany(user => user.Find(healedAt)),
    ];

    public static bool IsPromised(Rule rule, Promises promises) =>
        rule is Rule.Passed or Rule.Late || (promises.SingleUse && (rule == Rule.Doubled || promises.KeepsAcknowledged));

    private IEnumerable<Finding> Find(long? healedAt) =>
        [.. FindDoubled(), .. FindLost(healedAt), .. FindUncounted(), .. FindPassed(), .. FindLate(), .. FindWrong(),
            .. FindNotIn(healedAt)];

    // The same attempt gets the same answer again, which is no second acceptance.
    private IEnumerable<Finding> FindDoubled()
    {
        var codes = calls.Where(c => c is { Answer.IsCodeAccepted: true, Step: not null })
            .GroupBy(c => $"step {c.Step} of phone {c.Phone}");
        var sets = calls.Where(c => c is { Op: Op.Recover, IsAccepted: true }).GroupBy(c => $"recovery set {c.Set}");
        return codes.Concat(sets).SelectMany(uses => uses.DistinctBy(use => use.Attempt).Skip(1).Select(use =>
            Found(Rule.Doubled, use, $"{uses.Key} was accepted by call {uses.First().Id} already")));
    }

    // If there is no status after the fault, nobody knows.
    private IEnumerable<Finding> FindLost(long? healedAt)
    {
        var status = calls.LastOrDefault(c => c.Answer.Phones is not null && (healedAt is null || c.Start >= healedAt));
        var bound = calls.Where(c => c is { Op: Op.Confirm, IsAccepted: true } && c.End <= status?.Start).DistinctBy(c => c.Enrolls);
        return status is null ? [] :
        [
            .. bound.Where(b => !status.Answer.Phones!.ContainsKey(b.Enrolls!) && !Unbinding(b).Any())
                .Select(b => Found(Rule.Lost, status, $"phone {b.Enrolls}, bound by call {b.Id}, is not there")),
            .. bound.Where(b => status.Answer.Phones!.ContainsKey(b.Enrolls!)
                    && Unbinding(b).Any(c => c.IsAccepted && c.End <= status.Start))
                .Select(b => Found(Rule.Lost, status, $"phone {b.Enrolls}, unbound since call {b.Id}, is there again")),
        ];
    }

    private IEnumerable<Call> Unbinding(Call bound) => calls.Where(c => c.Start >= bound.End && (c.IsAccepted || c.IsUncertain)
        && (c.Op == Op.Disable || (c.Op == Op.Confirm && c.Removes == bound.Enrolls)));

    // A lower bound: only guesses that began after the end of everything that may have cleared the counter.
    private IEnumerable<Finding> FindUncounted()
    {
        foreach (var status in calls.Where(c => c.Answer.Failures is not null))
        {
            var clearing = calls.Where(c => c.Start <= status.End && (c.IsAccepted || c.IsUncertain || c.Answer.IsCodeAccepted)
                && c.Op is not (Op.Guess or Op.Status or Op.Requirement or Op.Acknowledge)).ToArray();
            var cleared = clearing.Any(c => c.IsUncertain) ? long.MaxValue : clearing.Select(c => c.End).DefaultIfEmpty(-1).Max();
            var refused = calls.Count(c => c.Start > cleared && c.End < status.Start
                && c is { Op: not (Op.Confirm or Op.Recover), Answer.Reason: nameof(RefusalReason.WrongCode) });
            if (status.Answer.Failures < refused)
            {
                yield return Found(Rule.Uncounted, status, $"{status.Answer.Failures} failures are stored after {refused} refused guesses");
            }
        }
    }

    private IEnumerable<Finding> FindPassed() => calls.Where(c => c switch
    {
        { Op: Op.Guess } => c.IsAccepted,
        { Op: Op.Requirement, Answer.Reason: nameof(SignInRequirement.NotRequired) } => c.IsMfaRequired || IsSurelyEnrolled(c),
        { Op: Op.Requirement, Answer.Reason: nameof(SignInRequirement.EnrollmentRequired) } => IsSurelyEnrolled(c),
        _ => false,
    }).Select(c => Found(Rule.Passed, c, $"{c.Answer.Outcome} {c.Answer.Reason}"));

    private bool IsSurelyEnrolled(Call at) => calls.Any(b => b is { Op: Op.Confirm, IsAccepted: true } && b.End < at.Start
        && !calls.Any(c => c.Op == Op.Disable && c.Start <= at.End && (c.IsUncertain || (c.IsAccepted && c.End >= b.Start))));

    private IEnumerable<Finding> FindLate() => calls
        .Where(c => c.Answer.Reason != Answer.NodeDied && c.End - c.Start > Bound.TotalMilliseconds)
        .Select(c => Found(Rule.Late, c, $"{c.End - c.Start} ms, {c.Answer.Outcome} {c.Answer.Reason}"));

    private IEnumerable<Finding> FindWrong() => calls.Where(c => c.Answer.Outcome == Outcome.Refused).Where(c => c switch
    {
        { Answer.Reason: nameof(RefusalReason.NotEnrolled) } => IsSurelyEnrolled(c),
        { Op: Op.Verify, Answer.Reason: nameof(RefusalReason.Replayed) } => !MayBeUsed(c),
        { Op: Op.Confirm, Answer.Reason: nameof(MfaChangeOutcome.NotFound) } => IsSurelyPending(c),
        _ => false,
    }).Select(c => Found(Rule.Wrong, c, $"{c.Answer.Reason}"));

    private bool MayBeUsed(Call refused) => calls.Any(c =>
        c.Phone == refused.Phone && c.Step >= refused.Step && c.Start <= refused.End && (c.Answer.IsCodeAccepted || c.IsUncertain));

    // Any other change of the user, and a wrong code, may have ended the enrolment. A node whose clock is an hour ahead has forgotten the
    // answer of a confirmation; then others say that they are behind.
    private bool IsSurelyPending(Call confirm) => calls.All(c => c.Answer.Reason != nameof(RefusalReason.ClockBehind)) && calls.Any(begun =>
        begun is { Op: Op.Begin, IsAccepted: true } && begun.Enrolls == confirm.Enrolls && begun.End <= confirm.Start
        && !calls.Any(c => c != begun && c != confirm && c.Start <= confirm.End
            && c.Op is not (Op.Guess or Op.Status or Op.Requirement) && (c.IsUncertain || (c.Start >= begun.End
                && (c.Op != Op.Confirm || c.Enrolls != confirm.Enrolls || c.Answer.Reason == nameof(MfaChangeOutcome.WrongCode))))));

    private IEnumerable<Finding> FindNotIn(long? healedAt) =>
        healedAt is not { } at || (calls.Any(c => c.IsSignInAfter(at) && c.End <= at + Healing.TotalMilliseconds)
            && calls.Any(c => c.Answer.Phones is not null && c.Start >= at)) ? []
            : [Found(Rule.NotIn, calls[^1], "was not in, or had no status, within the time")];

    private static Finding Found(Rule rule, Call call, string what) =>
        new(rule, $"{call.User}, call {call.Id} ({call.Op} at node {call.Node}, {call.Start}–{call.End} ms): {what}");
}
