using System.CommandLine;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary><c>report</c>: who is enrolled, and who must be and is not.</summary>
internal sealed class ReportVerb
{
    private readonly StoreOptions _store = new();
    private readonly Option<string?> _users = new("--users")
    {
        HelpName = "QUERY|file:PATH|-",
        Description = "The users of the application: a query of the same database for an id, a tenant (or NULL) and whether the user "
            + "must have MFA, as in \"SELECT id, NULL, mfa_required FROM users\"; or lines of ID, TENANT and REQUIRED with tabs between "
            + "them. The last two are optional. Without it, users who never enrolled are unknown.",
    };

    private ReportVerb()
    {
    }

    public static Command Create()
    {
        var verb = new ReportVerb();
        var command = new Command(
            "report",
            "Count who is enrolled, and name who must be and is not. It reads each record once, and changes nothing.");
        verb._store.AddTo(command);
        command.Add(verb._users);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(result, cancellationToken);
        var users = result.GetValue(_users) is { } text
            ? await UserList.ReadAsync(text, _users.Name, store.Database, cancellationToken)
            : null;
        var run = new UserRun(result);
        var exitCode = await run.RunAsync(
            token => ReportAsync(store, users, run, token), "A record that cannot be read needs a backup, or a reset.", cancellationToken);
        if (users is null)
        {
            await Console.Error.WriteLineAsync("Users without a record are not counted: name all users with --users.");
        }

        return exitCode;
    }

    private static async Task ReportAsync(
        OpenStore store, Dictionary<MfaSubject, bool>? users, UserRun run, CancellationToken cancellationToken)
    {
        var mfa = ToolService.CreateWithoutKeys(store.Store);
        var seen = new HashSet<MfaSubject> { ToolService.Probe };
        await foreach (var subject in store.Scan.ScanAsync(cancellationToken))
        {
            if (seen.Add(subject))
            {
                await TellAsync(mfa, users, run, subject, cancellationToken);
            }
        }

        foreach (var (subject, isRequired) in users ?? [])
        {
            if (seen.Add(subject))
            {
                Tell(run, subject, isRequired, null);
            }
        }
    }

    private static async Task TellAsync(
        MfaService mfa, Dictionary<MfaSubject, bool>? users, UserRun run, MfaSubject subject, CancellationToken cancellationToken)
    {
        bool? isRequired = users is null ? false : users.TryGetValue(subject, out var required) ? required : null;
        try
        {
            Tell(run, subject, isRequired, await mfa.GetStatusAsync(subject, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            run.Tell(subject, "failed", failure: exception.GetType().Name);
        }
    }

    /// <param name="run">Counts the user.</param>
    /// <param name="subject">The user.</param>
    /// <param name="isRequired">Whether the user must have MFA; null if the list of users does not have them.</param>
    /// <param name="status">The status; null if there is no record.</param>
    private static void Tell(UserRun run, MfaSubject subject, bool? isRequired, MfaStatus? status)
    {
        var state = isRequired is null ? "notInList"
            : status is { IsEnabled: true } ? "enrolled"
            : isRequired.Value ? "mustEnroll"
            : "notEnrolled";
        run.Tell(
            subject,
            state,
            needsAttention: state == "mustEnroll",
            more: [new("authenticators", status?.Authenticators.Count ?? 0), new("recoveryCodesLeft", status?.RecoveryCodesLeft ?? 0)]);
    }
}
