using System.CommandLine;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>verify</c>: prints as JSON whether a code is accepted. The exit code is 0 if it is accepted, else 1.</summary>
internal sealed class VerifyVerb
{
    private const int MaximumSteps = 50;
    private const int MaximumLookAhead = 100;

    private readonly Argument<string> _code = new("CODE") { Description = "The code; spaces and hyphens do not count." };
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
        var command = new Command("verify", "Check a code.") { verb._code };
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
        var match = _options.ReadCounter(result) is { } counter ? VerifyHotp(result, counter) : VerifyTotp(result);
        JsonLine.Print(json =>
        {
            json.WriteBoolean("accepted", match is not null);
            if (match is { } found)
            {
                json.WriteNumber("timeStep", found.TimeStep);
                json.WriteNumber("drift", found.Drift);
            }
        });
        return match is null ? 1 : 0;
    }

    private (long TimeStep, int Drift)? VerifyTotp(ParseResult result)
    {
        var (back, forward) = (result.GetValue(_back) ?? 1, result.GetValue(_forward) ?? 1);
        if (forward > MaximumSteps)
        {
            throw new InputException($"--forward must be a whole number from 0 to {MaximumSteps}.");
        }

        using var secret = _options.ReadSecret(result);
        var (parameters, time) = (_options.ReadTotp(result), _options.ReadTime(result));
        var match = Totp.Verify(secret, parameters, result.GetRequiredValue(_code), time, (int)back, (int)forward);
        return match is { } timeStep ? (timeStep, (int)(timeStep - parameters.GetTimeStep(time))) : null;
    }

    private (long TimeStep, int Drift)? VerifyHotp(ParseResult result, long counter)
    {
        using var secret = _options.ReadSecret(result);
        var lookAhead = (int)(result.GetValue(_forward) ?? 0);
        var match = Hotp.Verify(secret, _options.ReadHotp(result), result.GetRequiredValue(_code), counter, lookAhead);
        return match is { } found ? (found, (int)(found - counter)) : null;
    }
}
