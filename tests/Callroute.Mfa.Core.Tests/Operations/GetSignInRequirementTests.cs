using Callroute.Mfa.Core.Tests.Execution;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class GetSignInRequirementTests
{
    /// <summary>The table of docs/concepts/enrollment.md, with the values that the callback is told.</summary>
    private const string Table =
        """
        record                          | may, no         | may, yes        | must, no       | must, yes
        none                            | no MFA          | refuse          | enrol          | refuse
        enrolment begun                 | no MFA          | refuse          | enrol          | refuse
        enrolled                        | code, told yes  | code            | code, told yes | code
        enrolled, owed                  | code, told yes  | code, told yes  | code, told yes | code, told yes
        ended                           | no MFA          | refuse          | enrol          | refuse
        ended, owed                     | no MFA, told no | no MFA, told no | enrol, told no | enrol, told no
        ended, owed for a day           | no MFA          | refuse          | enrol          | refuse
        ended, owed from tomorrow on    | no MFA          | refuse          | enrol          | refuse
        ended after a reset             | no MFA          | refuse          | enrol          | refuse
        reset                           | enrol           | enrol           | enrol          | enrol
        reset without a record          | enrol           | enrol           | enrol          | enrol
        reset a day ago                 | refuse          | refuse          | refuse         | refuse
        reset to the password           | no MFA          | enrol           | enrol          | enrol
        reset to the password, owed     | no MFA, told no | no MFA, told no | enrol, told no | enrol, told no
        reset to the password a day ago | no MFA          | refuse          | refuse         | refuse
        unreadable                      | refuse          | refuse          | refuse         | refuse
        of a newer format               | refuse          | refuse          | refuse         | refuse
        of another user                 | refuse          | refuse          | refuse         | refuse
        in a store that fails           | refuse          | refuse          | refuse         | refuse
        """;

    private static readonly Dictionary<SignInRequirement, string> Words = new()
    {
        [SignInRequirement.NotRequired] = "no MFA",
        [SignInRequirement.Required] = "code",
        [SignInRequirement.EnrollmentRequired] = "enrol",
        [SignInRequirement.Unavailable] = "refuse",
    };

    private readonly UserRow _row = new();
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public GetSignInRequirementTests() => _scenario = new Scenario(options => options.OnEnrolledChanged = _row.WriteAsync, _store);

    public static TheoryData<string, MfaPolicy, bool, string> Cells => [.. Table.Split('\n').Skip(1).SelectMany(line =>
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        return cells.Skip(1).Select((expected, column) => new TheoryDataRow<string, MfaPolicy, bool, string>(
            cells[0], column < 2 ? MfaPolicy.Optional : MfaPolicy.Required, column % 2 == 1, expected));
    })];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task GetSignInRequirementAsync_RecordAndFacts_IsTheCellOfTheTable(
        string record, MfaPolicy policy, bool isEnrolled, string expected)
    {
        await ArrangeAsync(record);
        _row.Told.Clear();

        var requirement = await _scenario.RequirementAsync(policy, isEnrolled);

        Assert.Equal(expected, string.Join(", told ", [Words[requirement], .. _row.Told.Select(told => told ? "yes" : "no")]));
    }

    [Theory]
    [InlineData(default(MfaPolicy), false)]
    [InlineData((MfaPolicy)3, true)]
    [InlineData(MfaPolicy.Optional, null)]
    public async Task GetSignInRequirementAsync_FactThatWasNotRead_Throws(MfaPolicy policy, bool? isEnrolled) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, policy, isEnrolled, Scenario.Token));

    [Fact]
    public async Task GetSignInRequirementAsync_NoCallback_Throws()
    {
        var mfa = new MfaService(_store, _scenario.Protector, _scenario.Hasher, new MfaOptions { Issuer = "Callroute" });

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await mfa.GetSignInRequirementAsync(_scenario.User, MfaPolicy.Optional, isEnrolled: false, Scenario.Token));
    }

    [Theory]
    [InlineData("reset", SignInRequirement.EnrollmentRequired)]
    [InlineData("erase", SignInRequirement.Unavailable)]
    public async Task GetSignInRequirementAsync_RecordChangesWhileTheApplicationIsTold_DecidesAgain(
        string change, SignInRequirement expected)
    {
        await EndAsync(isTold: false);
        _row.BeforeWrite = change == "reset" ? () => _scenario.ResetAsync() : _scenario.EraseAsync;

        Assert.Equal(expected, await _scenario.RequirementAsync(isEnrolled: true));
    }

    // The row of a user who is enrolled must not be taken for corrected.
    [Fact]
    public async Task GetSignInRequirementAsync_CallbackFails_DecidesOnTheRowAsItIs()
    {
        await EndAsync(isTold: false);
        _row.BeforeWrite = UserRow.FailAsync;

        Assert.Equal(SignInRequirement.Unavailable, await _scenario.RequirementAsync(isEnrolled: true));
        Assert.Equal(SignInRequirement.NotRequired, await _scenario.RequirementAsync(isEnrolled: true));
    }

    private Task ArrangeAsync(string record) => record switch
    {
        "none" => Task.CompletedTask,
        "enrolment begun" => _scenario.BeginAsync(),
        "enrolled" => _scenario.EnrollAsync(),
        "enrolled, owed" => EnrollUntoldAsync(),
        "ended" => EndAsync(),
        "ended, owed" => EndAsync(isTold: false),
        "ended, owed for a day" => ADayAfterAsync(EndAsync(isTold: false)),
        "ended, owed from tomorrow on" => EndAsync(isTold: false, owedSince: Scenario.Start.AddDays(2)),
        "ended after a reset" => EndAfterAsync(ResetAsync()),
        "reset" => ResetAsync(),
        "reset without a record" => _scenario.ResetAsync(),
        "reset a day ago" => ADayAfterAsync(ResetAsync()),
        "reset to the password" => ResetAsync(allowPasswordAlone: true),
        "reset to the password, owed" => ResetAsync(isTold: false, allowPasswordAlone: true),
        "reset to the password a day ago" => ADayAfterAsync(ResetAsync(allowPasswordAlone: true)),
        "unreadable" => SpoilAsync("{\"format\"", "[{\"format\""),
        "of a newer format" => SpoilAsync("\"format\":1", "\"format\":2"),
        "of another user" => SpoilAsync("user-1", "USER-1"),
        "in a store that fails" => FailAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(record), record, "There is no such record."),
    };

    private async Task EnrollUntoldAsync()
    {
        _row.BeforeWrite = UserRow.FailAsync;
        await _scenario.EnrollAsync();
    }

    private async Task EndAsync(bool isTold = true, DateTimeOffset? owedSince = null)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _row.BeforeWrite = isTold ? null : UserRow.FailAsync;
        Assert.True((await _scenario.DisableAsync(_scenario.CodeOf(phone))).Succeeded);
        if (owedSince is not null)
        {
            await _scenario.EditJsonAsync(json => json["noticeOwedSince"] = owedSince);
        }
    }

    private async Task EndAfterAsync(Task arranged)
    {
        await arranged;
        await EndAsync();
    }

    private async Task ResetAsync(bool isTold = true, bool allowPasswordAlone = false)
    {
        await _scenario.EnrollAsync();
        _row.BeforeWrite = isTold ? null : UserRow.FailAsync;
        Assert.True((await _scenario.ResetAsync(allowPasswordAlone: allowPasswordAlone)).Succeeded);
    }

    private async Task ADayAfterAsync(Task arranged)
    {
        await arranged;
        _scenario.Clock.Advance(TimeSpan.FromDays(1));
    }

    private async Task SpoilAsync(string part, string replacement)
    {
        await _scenario.EnrollAsync();
        await _scenario.EditAsync(document => document.Replace(part, replacement, StringComparison.Ordinal));
    }

    private async Task FailAsync()
    {
        await _scenario.EnrollAsync();
        _store.OnFind = (_, _) => throw new IOException("The store is away.");
    }
}
