using Callroute.Mfa.Records;
using Callroute.Mfa.Testing;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Throttling;

/// <summary>A user with a phone and 16 recovery codes, on one known device and one unknown device.</summary>
internal sealed class TwoDevices(Scenario scenario, VirtualAuthenticator phone, Queue<string> codes)
{
    public static readonly TimeSpan RegainInterval = new ThrottleOptions().AllowanceRegainInterval;

    public static MatrixTheoryData<bool, MfaMethod> GroupsAndFactors =>
        new([false, true], [MfaMethod.Totp, MfaMethod.RecoveryCode]);

    public Scenario Scenario => scenario;

    public VirtualAuthenticator Phone => phone;

    /// <summary>Enrols a user. Both factors have the same throttle.</summary>
    public static async Task<TwoDevices> EnrollAsync(int lockoutThreshold = 100, int failureAllowance = 30)
    {
        var scenario = new Scenario(options =>
        {
            (options.Recovery.Count, options.Recovery.RegenerateOnUse) = (16, false);
            ThrottleOptions[] factors = [options.TotpThrottle, options.RecoveryThrottle];
            foreach (var factor in factors)
            {
                (factor.LockoutThreshold, factor.FailureAllowance) = (lockoutThreshold, failureAllowance);
            }
        });
        var (phone, codes) = await scenario.EnrollAsync();
        return new(scenario, phone, new(codes!.Reveal()));
    }

    /// <summary>Moves on to the next code, and enters a right one or a wrong one.</summary>
    public async Task<VerificationResult> EnterAsync(
        bool isKnown, MfaMethod method, bool isRight, AttemptId? attempt = null, bool isStepUp = false)
    {
        scenario.NextCode();
        var (mfa, device) = (scenario.Mfa, isKnown ? scenario.FirstDevice : null);
        return await mfa.VerifyAsync(
            scenario.User, CodeOf(method, isRight), attempt ?? mfa.BeginAttempt(), device, isStepUp, cancellationToken: Scenario.Token);
    }

    public string CodeOf(MfaMethod method, bool isRight) => (method, isRight) switch
    {
        (MfaMethod.Totp, true) => phone.GetCode(),
        (MfaMethod.Totp, false) => scenario.WrongCode(phone),
        (_, true) => codes.Dequeue(),
        (_, false) => Scenario.WrongRecoveryCode(),
    };

    /// <summary>Enters wrong codes, and waits for the time in the answer before the next code, but not for the end of a lockout.</summary>
    public async Task FailAsync(int times, bool isKnown, MfaMethod method, AttemptId? attempt = null)
    {
        for (var i = 0; i < times; i++)
        {
            var result = await EnterAsync(isKnown, method, isRight: false, attempt);
            Assert.Equal(RefusalReason.WrongCode, result.Reason);
            scenario.Wait(result);
        }
    }

    public async Task<FactorThrottle> ThrottleAsync(MfaMethod method) =>
        (await scenario.RecordAsync()).ThrottleOf(method, scenario.Options).Throttle;

    public async Task<ThrottleState> StateAsync(bool isKnown, MfaMethod method) =>
        (await ThrottleAsync(method)).Of(isKnown ? DeviceGroup.Known : DeviceGroup.Unknown);
}
