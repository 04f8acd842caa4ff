using System.Runtime.Versioning;
using Callroute.Mfa.Reliability;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The checker of the reliability program finds each fault, and nothing where a call without an answer can explain it.</summary>
[SupportedOSPlatform("linux")]
public sealed class CheckerTests
{
    private static readonly Guid Set = new("00000000-0000-0000-0000-000000000001");

    private static readonly Call[] Enrolled = [At(0, Op.Begin) with { Enrolls = "1" }, Bind(10, "1")];

    private static readonly Dictionary<string, Call[]> Faults = new()
    {
        ["Doubled: a step in two attempts"] = [SignIn(100, step: 5, attempt: 1), SignIn(101, step: 5, attempt: 2)],
        ["Doubled: a step that confirmed and signed in"] = [SignIn(100, step: 1, attempt: 1)],
        ["Doubled: a step that proved a refused change"] =
        [
            SignIn(100, step: 5, attempt: 1),
            SignIn(110, step: 5, attempt: 2) with { Op = Op.Begin, Answer = new Answer(Outcome.Refused, IsCodeAccepted: true) },
        ],
        ["Doubled: a recovery set in two attempts"] =
        [
            At(100, Op.Recover) with { Set = Set, Attempt = 1 }, At(110, Op.Recover) with { Set = Set, Attempt = 2 },
        ],
        ["Lost: an enrolment"] = [Status(100)],
        ["Lost: a disable"] = [At(100, Op.Disable), Status(110, "1")],
        ["Lost: a change of phone"] = [Bind(100, "2") with { Removes = "1" }, Status(110, "1", "2")],
        ["Uncounted: a guess"] = [Guess(100), Guess(110), Status(120, "1") with { Answer = Stored(1) }],
        ["Passed: an enrolled user"] = [Requirement(100, "NotRequired")],
        ["Passed: an enrolled user may enrol"] = [Requirement(100, "EnrollmentRequired")],
        ["Passed: a wrong code"] = [At(100, Op.Guess)],
        ["Late: an answer"] = [At(100, Op.Requirement) with { End = 7000, Answer = new Answer(Outcome.Read) }],
        ["Late: no answer"] = [At(100, Op.Verify) with { End = 40_100, Answer = new Answer(Outcome.Unknown, "NoAnswer") }],
        ["Wrong: a bound phone is not enrolled"] = [Refused(100, Op.Verify, "NotEnrolled")],
        ["Wrong: MFA is on and cannot be disabled"] = [Refused(100, Op.Disable, "NotEnrolled")],
        ["Wrong: a new code is replayed"] = [Refused(100, Op.Verify, "Replayed") with { Phone = "1", Step = 9 }],
        ["Wrong: a begun enrolment is not found"] =
        [
            At(100, Op.Begin) with { Enrolls = "2" }, Refused(110, Op.Confirm, "NotFound") with { Enrolls = "2" },
        ],
    };

    private static readonly Dictionary<string, Call[]> Explained = new()
    {
        ["the same attempt is answered again"] = [SignIn(100, step: 5, attempt: 1), SignIn(110, step: 5, attempt: 1)],
        ["the phone was removed"] = [At(100, Op.Disable), Status(110)],
        ["a disable without an answer may have worked"] =
            [At(100, Op.Disable) with { Answer = new Answer(Outcome.Unknown) }, Status(110), Requirement(120, "NotRequired")],
        ["a sign-in cleared the failures"] = [Guess(100), SignIn(110, step: 5, attempt: 1), Status(120, "1") with { Answer = Stored(0) }],
        ["a sign-in that was unavailable may have cleared them"] =
        [
            Guess(100), SignIn(110, step: 5, attempt: 1) with { Answer = new Answer(Outcome.Unavailable) },
            Status(120, "1") with { Answer = Stored(0) },
        ],
        ["a guess without an answer need not be counted"] =
            [Guess(100) with { Answer = new Answer(Outcome.Unavailable) }, Status(110, "1") with { Answer = Stored(0) }],
        ["the node was killed"] = [At(100, Op.Verify) with { End = 40_100, Answer = new Answer(Outcome.Unknown, Answer.NodeDied) }],
        ["the code was sent before, without an answer"] =
        [
            SignIn(100, step: 9, attempt: 1) with { Answer = new Answer(Outcome.Unknown) },
            Refused(110, Op.Verify, "Replayed") with { Phone = "1", Step = 9 },
        ],
        ["another enrolment ended it"] =
        [
            At(100, Op.Begin) with { Enrolls = "2" }, At(110, Op.Begin) with { Enrolls = "3" },
            Refused(120, Op.Confirm, "NotFound") with { Enrolls = "2" },
        ],
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    public static TheoryData<string> ExplainedNames => [.. Explained.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Check_HistoryWithFault_FindsItsRule(string name)
    {
        var findings = Checker.Check([.. Enrolled, .. Faults[name]], healedAt: null);

        Assert.Equal(name[..name.IndexOf(':', StringComparison.Ordinal)], $"{Assert.Single(findings).Rule}");
    }

    [Theory]
    [MemberData(nameof(ExplainedNames))]
    public void Check_HistoryThatHasAnotherReason_FindsNothing(string name) =>
        Assert.Empty(Checker.Check([.. Enrolled, .. Explained[name]], healedAt: null));

    [Theory]
    [InlineData(59_000, false)]
    [InlineData(61_000, true)]
    public void Check_SignInAfterTheFault_MustComeWithinAMinute(long at, bool isFound)
    {
        Call[] calls = [.. Enrolled, SignIn(1000 + at, step: 5, attempt: 1), Status(70_000, "1")];

        var findings = Checker.Check(calls, healedAt: 1000);

        Assert.Equal(isFound ? [Rule.NotIn] : [], findings.Select(finding => finding.Rule));
    }

    [Fact]
    public void Check_NoStatusAfterTheFault_IsNotIn()
    {
        Call[] calls = [.. Enrolled, Status(500), SignIn(1000, step: 5, attempt: 1)];

        var findings = Checker.Check(calls, healedAt: 1000);

        Assert.Equal(Rule.NotIn, Assert.Single(findings).Rule);
    }

    private static Call At(long time, Op op) =>
        new("u", op) { Start = time, End = time + 5, Answer = new Answer(Outcome.Accepted, IsCodeAccepted: true) };

    private static Call Bind(long time, string phone) =>
        At(time, Op.Confirm) with { Enrolls = phone, Phone = phone, Step = 1, Attempt = (int)time };

    private static Call SignIn(long time, long step, int attempt) =>
        At(time, Op.Verify) with { Phone = "1", Step = step, Attempt = attempt };

    private static Call Refused(long time, Op op, string reason) => At(time, op) with { Answer = new Answer(Outcome.Refused, reason) };

    private static Call Guess(long time) => Refused(time, Op.Guess, "WrongCode");

    private static Call Requirement(long time, string requirement) =>
        At(time, Op.Requirement) with { Answer = new Answer(Outcome.Read, requirement) };

    private static Call Status(long time, params string[] phones) =>
        At(time, Op.Status) with { Answer = new Answer(Outcome.Read, Phones: phones.ToDictionary(phone => phone, _ => Guid.Empty)) };

    private static Answer Stored(int failures) => new(Outcome.Read, Failures: failures);
}
