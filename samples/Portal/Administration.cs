using System.CommandLine;
using Callroute.Mfa;
using Callroute.Mfa.Telemetry;
using Callroute.Portal.Users;

namespace Callroute.Portal;

/// <summary>
/// What an administrator does at the server's own console: <c>dotnet run --project samples/Portal -- reset ann@example.com
/// --reason "Lost phone; passport checked"</c>. Names every user that it could not do it for, and goes on with the next.
/// </summary>
internal sealed class Administration(IServiceProvider services, ParseResult verb)
{
    private readonly Accounts _accounts = services.GetRequiredService<Accounts>();
    private readonly UserTable _users = services.GetRequiredService<UserTable>();
    private readonly MfaService _mfa = services.GetRequiredService<MfaService>();
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    /// <returns>The program's exit code: 0 if it is done for all of them.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, ParseResult verb, TextReader input, TextWriter output)
    {
        var administration = new Administration(services, verb);
        var emails = await ReadEmailsAsync(verb, input);
        List<string> failed = [];
        foreach (var (index, email) in emails.Index())
        {
            var (words, isDone) = await administration.TryAsync(email);
            await output.WriteLineAsync($"{index + 1}/{emails.Length} {email}: {words}");
            failed.AddRange(isDone ? [] : [email]);
        }

        await output.WriteLineAsync($"{emails.Length - failed.Count} done, {failed.Count} failed{(failed.Count == 0 ? "." : ":")}");
        failed.ForEach(output.WriteLine);
        return failed.Count == 0 ? 0 : 1;
    }

    private static async Task<string[]> ReadEmailsAsync(ParseResult verb, TextReader input)
    {
        var listed = verb.GetValue(CommandLine.List) switch
        {
            null => string.Empty,
            CommandLine.Input => await input.ReadToEndAsync(),
            var path => await File.ReadAllTextAsync(path),
        };
        var lines = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. verb.GetValue(CommandLine.Emails)!.Concat(lines).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    // Print only the type of the exception: its message may contain parts of the record. Then go on with the next user.
    private async Task<(string Words, bool IsDone)> TryAsync(string email)
    {
        try
        {
            return await _accounts.FindAsync(email) is { } user ? await AnswerAsync(user) : ("There is no such user.", false);
        }
        catch (Exception failure)
        {
            return ($"Failed ({failure.GetType().Name}). It may be done in part: do it again.", false);
        }
    }

    private async Task<(string Words, bool IsDone)> AnswerAsync(MfaSubject user)
    {
        var command = verb.CommandResult.Command.Name;
        if (command == CommandLine.Require)
        {
            await _users.SetPolicyAsync(user.UserId, MfaPolicy.Required);
            return ("They must have Multi-Factor Authentication from now on. Their sessions without it have ended.", true);
        }

        var reason = verb.GetValue(CommandLine.Reason)!.Trim();
        return command == CommandLine.Unlock
            ? Tell(await _mfa.UnlockAsync(user, reason), "Waits and lockouts after wrong codes have ended.")
            : await ResetAsync(user, reason);
    }

    private async Task<(string Words, bool IsDone)> ResetAsync(MfaSubject user, string reason)
    {
        var isReset = verb.GetValue(CommandLine.Resume) && await IsResetAsync(user, reason);
        var (words, isDone) = isReset
            ? ("Reset for this reason already.", true)
            : Tell(
                await _mfa.ResetAsync(user, reason),
                "Multi-Factor Authentication is reset. They must set it up again within 24 hours, or need another reset.");

        // One of the sessions may be the thief's. The interruption may have come just before this, so a resumed run does it again.
        await _users.EndSessionsAsync(user.UserId);
        return (words, isDone);
    }

    // A reset of days ago is another one: reset again.
    private async Task<bool> IsResetAsync(MfaSubject user, string reason)
    {
        try
        {
            var status = await _mfa.GetStatusAsync(user);
            return status.RecentEvents.Any(happened => happened.Kind == MfaEventKind.Reset && happened.Reason == reason
                && _clock.GetUtcNow() - happened.At < TimeSpan.FromDays(1));
        }
        catch (InvalidDataException)
        {
            // The record cannot be read, which a reset repairs.
            return false;
        }
    }

    private static (string Words, bool IsDone) Tell(MfaChangeResult result, string done) => (result.Outcome switch
    {
        MfaChangeOutcome.Succeeded => done,
        MfaChangeOutcome.LockedOut =>
            "Waits have ended, but after 100 wrong codes in a row they stay locked out: reset them, or let them sign in with the "
            + "recovery code and set up a new authenticator.",
        MfaChangeOutcome.NotEnrolled => "They do not have Multi-Factor Authentication.",
        _ => "Nothing was changed: other requests kept changing the same record, or this server's clock is behind. Try again.",
    }, result.Succeeded);
}
