namespace Callroute.Mfa.Reliability;

/// <summary>The calls of one user, in the order of their starts, and the rules.</summary>
internal sealed class UserHistory(IReadOnlyList<Call> calls)
{
    private const string WrongCode = nameof(RefusalReason.WrongCode);

    public IEnumerable<Finding> Check(long? healedAt) =>
    [
        .. FindDoubled(), .. FindLost(), .. FindUncounted(), .. FindPassed(), .. FindLate(), .. FindWrongRefusals(),
        .. healedAt is { } at ? FindNotIn(at) : [],
    ];

    // The same attempt gets the same answer again, which is no second acceptance.
    private IEnumerable<Finding> FindDoubled()
    {
        var codes = calls.Where(c => c is { IsCodeAccepted: true, Step: not null }).GroupBy(c => $"step {c.Step} of phone {c.Phone}");
        var sets = calls.Where(c => c is { Operation: Op.Recover, IsAccepted: true }).GroupBy(c => $"recovery set {c.Set}");
        return codes.Concat(sets).SelectMany(uses => uses.DistinctBy(use => use.Attempt).Skip(1).Select(use =>
            Found(Rule.Doubled, use, $"{uses.Key} was accepted by call {uses.First().Id} already")));
    }

    private IEnumerable<Finding> FindLost()
    {
        if (calls.LastOrDefault(c => c is { Operation: Op.Status, Phones: not null }) is not { } status)
        {
            yield break;
        }

        foreach (var bound in calls.Where(c => c is { Operation: Op.Confirm, IsAccepted: true }).DistinctBy(c => c.Enrolls))
        {
            var isThere = status.Phones!.Contains(bound.Enrolls);
            if (!isThere && !calls.Any(c => Unbinds(c, bound) && (c.IsAccepted || c.IsUncertain)))
            {
                yield return Found(Rule.Lost, status, $"phone {bound.Enrolls}, bound by call {bound.Id}, is not there");
            }
            else if (isThere && calls.FirstOrDefault(c => Unbinds(c, bound) && c.IsAccepted) is { } unbinding)
            {
                yield return Found(Rule.Lost, status, $"phone {bound.Enrolls} is there again after call {unbinding.Id}");
            }
        }
    }

    private static bool Unbinds(Call call, Call bound) =>
        call.Start >= bound.End && (call.Operation == Op.Disable || (call.Operation == Op.Confirm && call.Removes == bound.Enrolls));

    // A lower bound: only guesses that began after the end of everything that may have cleared the counter.
    private IEnumerable<Finding> FindUncounted()
    {
        foreach (var status in calls.Where(c => c.Failures is not null))
        {
            var before = calls.Where(c => c.Start <= status.End && MayClear(c)).ToArray();
            if (before.Any(c => c.IsUncertain))
            {
                continue;
            }

            var clear = before.Select(c => c.End).DefaultIfEmpty(-1).Max();
            var refused = calls.Count(c => c.Reason == WrongCode && c.Operation != Op.Confirm && c.Operation != Op.Recover
                && c.Start > clear && c.End < status.Start);
            if (status.Failures < refused)
            {
                yield return Found(Rule.Uncounted, status, $"{status.Failures} failures are stored after {refused} refused guesses");
            }
        }
    }

    private static bool MayClear(Call call) =>
        call.Operation is not (Op.Guess or Op.Status or Op.Requirement or Op.Acknowledge) && (call.IsAccepted || call.IsUncertain || call.IsCodeAccepted);

    private IEnumerable<Finding> FindPassed() => calls
        .Where(c => c is { Operation: Op.Requirement, Reason: nameof(SignInRequirement.NotRequired) })
        .Where(c => c.IsMfaRequired || IsSurelyEnrolled(c))
        .Select(c => Found(Rule.Passed, c, "MFA was not required"));

    private bool IsSurelyEnrolled(Call at) => calls.Any(bound =>
        bound is { Operation: Op.Confirm, IsAccepted: true } && bound.End < at.Start
        && !calls.Any(c => c.Operation == Op.Disable && c.Start <= at.End && (c.IsUncertain || (c.IsAccepted && c.End >= bound.Start))));

    private IEnumerable<Finding> FindLate() => calls
        .Where(c => c.Reason != Call.NodeDied && c.End - c.Start > (Checker.Bound + Checker.Slack).TotalMilliseconds)
        .Select(c => Found(Rule.Late, c, $"{c.End - c.Start} ms, {c.Outcome} {c.Reason}"));

    private IEnumerable<Finding> FindWrongRefusals() => calls.Where(c => c.Outcome == Outcome.Refused).Where(c => c switch
    {
        { Operation: Op.Verify, Reason: nameof(RefusalReason.NotEnrolled) } => IsSurelyEnrolled(c),
        { Operation: Op.Verify, Reason: nameof(RefusalReason.Replayed) } => !MayBeUsed(c),
        { Operation: Op.Confirm, Reason: nameof(MfaChangeOutcome.NotFound) or nameof(MfaChangeOutcome.NotEnrolled) } => IsSurelyPending(c),
        _ => false,
    }).Select(c => Found(Rule.WrongRefusal, c, $"{c.Reason}"));

    private bool MayBeUsed(Call refused) => calls.Any(c =>
        c.Phone == refused.Phone && c.Step >= refused.Step && c.Start <= refused.End && (c.IsCodeAccepted || c.IsUncertain));

    // Any other change of the user, and a wrong code, may have ended the enrolment.
    private bool IsSurelyPending(Call confirm) =>
        calls.Any(begun => begun is { Operation: Op.Begin, IsAccepted: true } && begun.Enrolls == confirm.Enrolls && begun.End <= confirm.Start
            && !calls.Any(c => c != begun && c != confirm && c.Start <= confirm.End && MayEnd(c, begun, confirm)));

    private static bool MayEnd(Call call, Call begun, Call confirm) =>
        call.Operation is Op.Begin or Op.Confirm or Op.Disable or Op.Recover or Op.Acknowledge or Op.Verify
        && (call.IsUncertain || (call.Start >= begun.End
            && (call.Operation != Op.Confirm || call.Enrolls != confirm.Enrolls || call.Reason == WrongCode)));

    private IEnumerable<Finding> FindNotIn(long healedAt) =>
        calls.Any(c => c.IsSignInAfter(healedAt) && c.End <= healedAt + Checker.Healing.TotalMilliseconds)
            ? []
            : [Found(Rule.NotIn, calls[^1], "was not in within the time")];

    private static Finding Found(Rule rule, Call call, string what) =>
        new(rule, $"{call.User}, call {call.Id} ({call.Operation} on node {call.Node}, {call.Start}–{call.End} ms): {what}");
}
