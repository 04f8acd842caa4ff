using System.CommandLine;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>verify</c>: prints as JSON whether a code is accepted. The exit code is 0 if it is accepted, else 1.</summary>
internal sealed class VerifyVerb
{
    private readonly Argument<string> _code = new("CODE") { Description = "The code; spaces and hyphens are ignored." };
    private readonly OtpOptions _options = new();
    private readonly Option<long?> _back = NumberOption.Create(
        "--back", 0, TimeWindow.MaximumSteps, "N", "Accepted steps before the current one, 0 to 50; 1 by default.");
    private readonly Option<long?> _forward = NumberOption.Create(
        "--forward",
        0,
        Hotp.MaximumLookAhead,
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
        if (forward > TimeWindow.MaximumSteps)
        {
            throw new InputException($"--forward must be a whole number from 0 to {TimeWindow.MaximumSteps}.");
        }

        using var secret = _options.ReadSecret(result);
        var window = new TimeWindow((int)back, (int)forward);
        var match = Totp.Verify(secret, _options.ReadTotp(result), result.GetRequiredValue(_code), _options.ReadTime(result), window);
        return match is { } found ? (found.TimeStep, found.Drift) : null;
    }

    private (long TimeStep, int Drift)? VerifyHotp(ParseResult result, long counter)
    {
        using var secret = _options.ReadSecret(result);
        var lookAhead = (int)(result.GetValue(_forward) ?? 0);
        var match = Hotp.Verify(secret, _options.ReadHotp(result), result.GetRequiredValue(_code), counter, lookAhead);
        return match is { } found ? (found.Counter, found.Skipped) : null;
    }
}
