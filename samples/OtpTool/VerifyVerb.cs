using System.CommandLine;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary>
/// <c>verify</c>: says whether a code is accepted, and how far the clock is off. The exit code is 0 if it is accepted, else 1.
/// </summary>
internal sealed class VerifyVerb
{
    private const int MaximumSteps = 50;
    private const int MaximumLookAhead = 100;

    private readonly Argument<string> _code = new("CODE")
    {
        Description = $"The code; spaces and hyphens do not count. {SecretText.Sources}",
    };
    private readonly OtpOptions _options = new();
    private readonly Option<long?> _back = NumberOption.Create(
        "--back", 0, MaximumSteps, "N", "Accepted steps before the current one, 0 to 50; 1 by default.");

    private readonly Option<long?> _forward = NumberOption.Create(
        "--forward",
        0,
        MaximumLookAhead,
        "N",
        "Accepted steps after it, 0 to 50; 1 by default. With --counter: the look-ahead, 0 to 100; 0 by default.");

    private VerifyVerb()
    {
    }

    public static Command Create()
    {
        var verb = new VerifyVerb();
        var command = new Command(
            "verify", "Check a code, and say how far its authenticator's clock is off. The exit code is 0 if the code is accepted, else 1.")
         { verb._code };
        verb._options.AddTo(command);
        verb._options.AddTimeTo(command);
        command.Add(verb._back);
        command.Add(verb._forward);
        verb._options.RefuseWithCounter(command, verb._back);
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        using var secret = _options.ReadSecret(result);
        var code = SecretText.Read(result.GetRequiredValue(_code), _code.Name);
        return _options.ReadCounter(result) is { } counter
            ? VerifyHotp(result, secret, code, counter)
            : VerifyTotp(result, secret, code);
    }

    private int VerifyTotp(ParseResult result, SharedSecret secret, string code)
    {
        var (back, forward) = (result.GetValue(_back) ?? 1, result.GetValue(_forward) ?? 1);
        if (forward > MaximumSteps)
        {
            throw new InputException($"--forward must be a whole number from 0 to {MaximumSteps}.");
        }

        var (parameters, time) = (_options.ReadTotp(result), _options.ReadTime(result));
        var match = Totp.Verify(secret, parameters, code, time, (int)back, (int)forward);
        var step = match ?? ClockOffset.FindStep(secret, parameters, code, time);
        return Print(result, match is not null, step, parameters.GetTimeStep(time), ClockOffset.Describe(step, parameters, time));
    }

    private int VerifyHotp(ParseResult result, SharedSecret secret, string code, long counter)
    {
        var lookAhead = (int)(result.GetValue(_forward) ?? 0);
        var match = Hotp.Verify(secret, _options.ReadHotp(result), code, counter, lookAhead);
        return Print(result, match is not null, match, counter);
    }

    private static int Print(ParseResult result, bool isAccepted, long? step, long expected, params Field[] more)
    {
        Output.Print(result, [new("accepted", isAccepted), new("timeStep", step), new("drift", step - expected), .. more]);
        return isAccepted ? 0 : 1;
    }
}
