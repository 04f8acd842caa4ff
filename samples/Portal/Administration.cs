using Callroute.Mfa;
using Callroute.Portal.Users;

namespace Callroute.Portal;

/// <summary>
/// What an administrator does at the server's own console: <c>dotnet run --project samples/Portal -- reset ann@example.com "Lost phone;
/// passport checked"</c>.
/// </summary>
internal static class Administration
{
    private const string Usage =
        """
        require <e-mail address>            The user must have Multi-Factor Authentication from now on.
        unlock  <e-mail address> <reason>   Ends waits and lockouts after wrong codes.
        reset   <e-mail address> <reason>   Removes the user's authenticators; the next sign-in leads to setting one up.
        The reason is for the audit trail.
        """;

    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output)
    {
        var (words, isDone) = await AnswerAsync(services, args);
        await output.WriteLineAsync(words);
        return isDone ? 0 : 1;
    }

    private static async Task<(string Words, bool IsDone)> AnswerAsync(IServiceProvider services, string[] args)
    {
        var (email, reason) = (args.ElementAtOrDefault(1), args.ElementAtOrDefault(2));
        if (string.IsNullOrWhiteSpace(email) || (args[0] != "require" && string.IsNullOrWhiteSpace(reason)))
        {
            return (Usage, false);
        }

        if (await services.GetRequiredService<Accounts>().FindAsync(email) is not { } user)
        {
            return ($"There is no user {email}.", false);
        }

        var mfa = services.GetRequiredService<MfaService>();
        return args[0] switch
        {
            "require" => await RequireAsync(services.GetRequiredService<UserTable>(), user),
            "unlock" => Tell(await mfa.UnlockAsync(user, reason!), "Waits and lockouts after wrong codes have ended."),
            _ => await ResetAsync(mfa, services.GetRequiredService<UserTable>(), user, reason!),
        };
    }

    private static async Task<(string Words, bool IsDone)> ResetAsync(MfaService mfa, UserTable users, MfaSubject user, string reason)
    {
        var result = await mfa.ResetAsync(user, reason);

        // One of the sessions may be the thief's. If this fails, the program fails: the administrator must not read that all is done.
        await users.EndSessionsAsync(user.UserId);
        return Tell(result, "Multi-Factor Authentication is reset. They must set it up again within 24 hours, or need another reset.");
    }

    private static async Task<(string Words, bool IsDone)> RequireAsync(UserTable users, MfaSubject user)
    {
        await users.SetPolicyAsync(user.UserId, MfaPolicy.Required);
        return ("They must have Multi-Factor Authentication from now on. Their sessions without it have ended.", true);
    }

    private static (string Words, bool IsDone) Tell(MfaChangeResult result, string done) => (result.Outcome switch
    {
        MfaChangeOutcome.Succeeded => done,
        MfaChangeOutcome.LockedOut =>
            "Waits have ended, but after 100 wrong codes in a row they stay locked out: reset them, or let them sign in with the "
            + "recovery code and set up a new authenticator.",
        MfaChangeOutcome.NotEnrolled => "They do not have Multi-Factor Authentication.",
        _ => "Nothing was changed, because other requests kept changing the same record. Try again.",
    }, result.Succeeded);
}
