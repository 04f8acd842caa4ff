namespace Callroute.Mfa.Core.Tests.Throttling;

/// <summary>An accepted code at sign-in gives back the typing errors before it.</summary>
public sealed class TypingErrorTests
{
    private static readonly TimeSpan RefundPeriod = TimeSpan.FromMinutes(10);

    public static MatrixTheoryData<bool, MfaMethod> GroupsAndFactors => TwoDevices.GroupsAndFactors;

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_SuccessAfterFailures_GivesBackUpToFourOfTheSameAttempt(bool isKnown, MfaMethod method)
    {
        foreach (var (failures, left) in ((int, int)[])[(1, 0), (4, 0), (5, 1)])
        {
            Assert.Equal(left, await LeftAfterSuccessAsync(isKnown, method, isKnown, method, failures));
        }
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_SuccessOfAnotherAttemptFactorOrGroupOrAtAStepUp_GivesBackNothing(bool isKnown, MfaMethod method)
    {
        var otherFactor = method == MfaMethod.Totp ? MfaMethod.RecoveryCode : MfaMethod.Totp;

        Assert.Equal(2, await LeftAfterSuccessAsync(isKnown, method, isKnown, method, isSameAttempt: false));
        Assert.Equal(2, await LeftAfterSuccessAsync(isKnown, method, isKnown, otherFactor));
        Assert.Equal(2, await LeftAfterSuccessAsync(isKnown, method, !isKnown, method));
        Assert.Equal(2, await LeftAfterSuccessAsync(isKnown, method, isKnown, method, isStepUp: true));
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_SuccessLaterThanTenMinutesAfterTheFirstFailure_GivesBackNothing(bool isKnown, MfaMethod method)
    {
        var (end, tick) = (RefundPeriod, TimeSpan.FromTicks(1));

        Assert.Equal(0, await LeftAfterSuccessAsync(isKnown, method, isKnown, method, after: end));
        Assert.Equal(2, await LeftAfterSuccessAsync(isKnown, method, isKnown, method, after: end + tick));
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_FailureOfAnotherAttemptBetween_GivesBackOnlyWhatCameAfterIt(bool isKnown, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync();
        var attempt = AttemptId.Create();
        await user.FailAsync(2, isKnown, method, attempt);
        await user.FailAsync(1, isKnown, method);
        await user.FailAsync(1, isKnown, method, attempt);

        Assert.True((await user.EnterAsync(isKnown, method, isRight: true, attempt)).Succeeded);

        Assert.Equal(3, await LeftAsync(user, isKnown, method));
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task RegenerateRecoveryCodesAsync_CodeOfTheSameAttemptAsProof_GivesBackNothing(bool isKnown, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync();
        var attempt = AttemptId.Create();
        await user.FailAsync(2, isKnown, method, attempt);

        var proof = MfaProof.FromCode(user.CodeOf(method, isRight: true), attempt, isKnown ? user.Scenario.FirstDevice : null);
        Assert.True((await user.Scenario.RegenerateAsync(proof)).Succeeded);

        Assert.Equal(2, await LeftAsync(user, isKnown, method));
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_SignInAfterFailuresAtAStepUp_GivesBackOnlyThoseOfTheSignIn(bool isKnown, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync();
        var attempt = AttemptId.Create();
        await user.FailAsync(1, isKnown, method, attempt);
        await user.EnterAsync(isKnown, method, isRight: false, attempt, isStepUp: true);
        await user.EnterAsync(isKnown, method, isRight: false, isStepUp: true);

        Assert.True((await user.EnterAsync(isKnown, method, isRight: true, attempt)).Succeeded);

        Assert.Equal(2, await LeftAsync(user, isKnown, method));
    }

    /// <returns>How many failures the allowance still misses after a success.</returns>
    private static async Task<int> LeftAfterSuccessAsync(
        bool failsOnKnown,
        MfaMethod fails,
        bool succeedsOnKnown,
        MfaMethod succeeds,
        int failures = 2,
        bool isSameAttempt = true,
        bool isStepUp = false,
        TimeSpan? after = null)
    {
        var user = await TwoDevices.EnrollAsync();
        var (clock, attempt) = (user.Scenario.Clock, AttemptId.Create());
        await user.FailAsync(1, failsOnKnown, fails, attempt);
        var first = clock.GetUtcNow();
        await user.FailAsync(failures - 1, failsOnKnown, fails, attempt);

        // Entering the code takes 30 s.
        clock.Advance(after is null ? TimeSpan.Zero : first + after.Value - clock.GetUtcNow() - TimeSpan.FromSeconds(30));
        var result = await user.EnterAsync(
            succeedsOnKnown, succeeds, isRight: true, isSameAttempt ? attempt : null, isStepUp);

        Assert.True(result.Succeeded, result.ToString());
        return await LeftAsync(user, failsOnKnown, fails);
    }

    private static async Task<int> LeftAsync(TwoDevices user, bool isKnown, MfaMethod method)
    {
        var now = user.Scenario.Clock.GetUtcNow();
        var missing = ((await user.StateAsync(isKnown, method)).AllowanceFullAt ?? now) - now;
        return (int)Math.Ceiling(missing / TwoDevices.RegainInterval);
    }
}
