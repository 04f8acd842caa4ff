using System.CommandLine;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary><c>reset --all</c>: resets every user, after the keys were stolen.</summary>
internal sealed class ResetVerb
{
    private const string Confirmation = "reset all";

    // A reset of days ago is another one.
    private static readonly TimeSpan ResumeWithin = TimeSpan.FromDays(1);

    private readonly StoreOptions _store = new();
    private readonly Option<bool> _all = new("--all") { Required = true, HelpName = "", Description = "Every user who has a record." };
    private readonly Option<string> _reason = new("--reason")
    {
        Required = true,
        HelpName = "TEXT",
        Description = "Why, for the history of each user: at most 200 characters, and no code. It also names the run: see --again.",
    };

    private readonly Option<bool> _again = new("--again")
    {
        Description = "Reset those too who were reset in the last 24 hours for the same reason. Without it, a run goes on where an "
            + "interrupted one was, and leaves alone who has enrolled since.",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = $"Do not ask to type '{Confirmation}'." };

    private ResetVerb()
    {
    }

    public static Command Create()
    {
        var verb = new ResetVerb();
        var command = new Command(
            "reset",
            "Remove the authenticators, recovery codes and known devices of all users; each must enrol at the next sign-in, within 24 "
            + "hours. Replace the keys first. It ends no session: your application does. Run it on a host whose clock is synchronised.");
        verb._store.AddTo(command);
        Array.ForEach<Option>([verb._all, verb._reason, verb._again, verb._yes], command.Add);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var reason = ReadReason(result);
        await using var store = await _store.OpenAsync(result, cancellationToken);
        var subjects = await store.Scan.ScanAsync(cancellationToken).Distinct().ToListAsync(cancellationToken);
        if (!result.GetValue(_yes) && !await ConfirmAsync(subjects.Except([ToolService.Probe]).Count(), cancellationToken))
        {
            throw new InputException($"Nothing was reset: '{Confirmation}' was not typed. --yes does not ask.");
        }

        var mfa = ToolService.CreateWithoutKeys(store.Store);
        var run = new UserRun(result);
        return await run.RunAsync(
            async token =>
            {
                foreach (var subject in subjects)
                {
                    await ResetAsync(mfa, run, subject, reason, result.GetValue(_again), token);
                }
            },
            "Run it again with the same reason: it goes on with the users who are left.",
            cancellationToken);
    }

    private string ReadReason(ParseResult result)
    {
        var reason = result.GetRequiredValue(_reason).Trim();
        var refusal = AuditText.Refuse(reason) ?? (reason.Any(char.IsControl) ? "It must have no control characters." : null);
        return refusal is null ? reason : throw new InputException($"{_reason.Name} is refused. {refusal}");
    }

    private static async Task<bool> ConfirmAsync(int count, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"This removes the authenticators and recovery codes of {count:N0} users. Type '{Confirmation}': ");
        return (await Console.In.ReadLineAsync(cancellationToken))?.Trim() == Confirmation;
    }

    private static async Task ResetAsync(
        MfaService mfa, UserRun run, MfaSubject subject, string reason, bool again, CancellationToken cancellationToken)
    {
        try
        {
            if (subject == ToolService.Probe)
            {
                // It is under the stolen key. The next check of the application writes a new one.
                var erased = await mfa.EraseAsync(subject, cancellationToken);
                if (erased.Outcome is not (MfaChangeOutcome.Succeeded or MfaChangeOutcome.NotEnrolled))
                {
                    run.Tell(subject, "failed", failure: $"{erased.Outcome}");
                }
            }
            else if (!again && await WasResetAsync(mfa, subject, reason, cancellationToken))
            {
                run.Tell(subject, "alreadyReset");
            }
            else
            {
                var reset = await mfa.ResetAsync(subject, reason, cancellationToken: cancellationToken);
                run.Tell(subject, reset.Succeeded ? "reset" : "failed", failure: reset.Succeeded ? null : $"{reset.Outcome}");
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Go on with the other users. The type alone: a message may hold content of the record.
            run.Tell(subject, "failed", failure: exception.GetType().Name);
        }
    }

    private static async Task<bool> WasResetAsync(MfaService mfa, MfaSubject subject, string reason, CancellationToken cancellationToken)
    {
        try
        {
            var status = await mfa.GetStatusAsync(subject, cancellationToken);
            return status.RecentEvents.Any(past => past.Kind == MfaEventKind.Reset && past.Reason == reason
                && TimeProvider.System.GetUtcNow() - past.At < ResumeWithin);
        }
        catch (InvalidDataException)
        {
            // The record cannot be read, which a reset repairs.
            return false;
        }
    }
}
